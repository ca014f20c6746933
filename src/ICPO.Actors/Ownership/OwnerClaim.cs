namespace ICPO.Actors.Ownership;

/// <summary>A claim to the ownership of a run.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Node">Names the core in messages to others.</param>
/// <param name="IsNew">True for a run that has not been started before: its journal must be empty.</param>
internal sealed record OwnerClaim(string RunId, string Node, bool IsNew)
{
    /// <summary>Distinguishes this start from every other one, so that a statement whose response was lost can be repeated.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("n");

    /// <summary>The name of this process.</summary>
    public static string ThisProcess => $"{Environment.MachineName}, process {Environment.ProcessId}";
}
