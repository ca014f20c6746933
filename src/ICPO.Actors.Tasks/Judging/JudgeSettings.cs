namespace ICPO.Actors.Tasks.Judging;

/// <summary>Settings of the verifier <c>judge</c>: a model that reads a rubric and the response, and writes a reward.</summary>
public sealed record JudgeSettings
{
    /// <summary>The address of chat completions of an OpenAI-compatible server.</summary>
    public string Url { get; init; } = "";

    /// <summary>The name of the model at the server.</summary>
    public string Model { get; init; } = "";

    /// <summary>The system message; empty sends none.</summary>
    public string System { get; init; } = "";

    /// <summary>The user message, with the placeholders <c>{question}</c>, <c>{gold}</c> and <c>{response}</c>.</summary>
    public string Rubric { get; init; } = "";

    /// <summary>
    /// A .NET regular expression; the group "reward", or else the first group, of its last match in the model's answer is the reward.
    /// </summary>
    public string Pattern { get; init; } =
        @"(?i)reward\s*[:=]\s*(?<reward>[-+]?\d\w*(?:[.,]\w+)*(?:\s*(?:%|(?:[/\u2013-]|to|(?:out\s+)?of)\s*\d+))?)";

    public double Temperature { get; init; }

    /// <summary>Maximum length of the model's answer in tokens.</summary>
    public int MaxTokens { get; init; } = 512;

    /// <summary>Maximum number of attempts of a request, within the time for a verdict.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>The pause before the second attempt; it doubles with each attempt.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The environment variable that holds the bearer token; empty sends none.</summary>
    public string SecretVariable { get; init; } = "";

    /// <summary>A PEM file of the only authorities that are trusted for https; empty trusts those of the system.</summary>
    public string Authority { get; init; } = "";
}
