namespace ICPO.Actors.Tasks.Http;

/// <summary>Settings of the verifier <c>http</c>.</summary>
public sealed record HttpSettings
{
    /// <summary>The address that cases are posted to.</summary>
    public string Url { get; init; } = "";

    /// <summary>Maximum number of cases in a request.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Maximum number of attempts of a request, within the time for a verdict.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>The pause before the second attempt; it doubles with each attempt.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The environment variable that holds the bearer token; empty sends none.</summary>
    public string SecretVariable { get; init; } = "";

    /// <summary>A PEM file of the only authorities that are trusted for https; empty trusts those of the system.</summary>
    public string Authority { get; init; } = "";
}
