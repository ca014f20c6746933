namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Settings of the verifier <c>format</c>.</summary>
public sealed record FormatSettings
{
    public ResponseForm Form { get; init; } = ResponseForm.Boxed;

    /// <summary>A .NET regular expression that must match somewhere in the response.</summary>
    public string Pattern { get; init; } = "";
}
