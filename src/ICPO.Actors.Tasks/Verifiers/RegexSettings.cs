namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Settings of the verifier <c>regex</c>.</summary>
public sealed record RegexSettings
{
    /// <summary>
    /// Finds the answer: the group "answer", else the first group, else the whole match. Empty: the gold answer is the pattern.
    /// </summary>
    public string Pattern { get; init; } = "";

    /// <summary>Time limit of one match; a longer one is <c>TimedOut</c>.</summary>
    public TimeSpan MatchTimeout { get; init; } = TimeSpan.FromSeconds(1);
}
