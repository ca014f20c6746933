using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Inputs;

/// <summary>A run would go on with other inputs than it started with.</summary>
public sealed class ChangedInputsException(ImmutableArray<InputChange> changes) : IOException(Describe(changes))
{
    /// <summary>The option that accepts the changes.</summary>
    public const string AcceptOption = "--accept-changed-inputs";

    private const int Named = 3;

    public ImmutableArray<InputChange> Changes { get; } = changes;

    /// <summary>One sentence: the inputs, what follows from the first, and the two ways on.</summary>
    private static string Describe(ImmutableArray<InputChange> changes)
    {
        string more = changes.Length > Named ? $" and {changes.Length - Named} more" : "";
        return $"{string.Join("; ", changes.Take(Named).Select(change => change.Description))}{more}: {changes[0].Consequence}; restore "
            + $"what it was, or go on with {AcceptOption}, which is recorded in the run.";
    }
}
