using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Inputs;

/// <summary>A run would go on with other inputs than it started with.</summary>
public sealed class ChangedInputsException(ImmutableArray<InputChange> changes)
    : IOException(Describe(changes, "ResumeOptions.AcceptChangedInputs"))
{
    private const int Named = 3;

    public ImmutableArray<InputChange> Changes { get; } = changes;

    /// <summary>The message for users who accept changes in another way than by the API.</summary>
    /// <param name="acceptance">What accepts the changes.</param>
    public string Describe(string acceptance) => Describe(Changes, acceptance);

    /// <summary>One sentence: the inputs, what follows from the first, and the two ways on.</summary>
    private static string Describe(ImmutableArray<InputChange> changes, string acceptance)
    {
        string more = changes.Length > Named ? $" and {changes.Length - Named} more" : "";
        return $"{string.Join("; ", changes.Take(Named).Select(change => change.Description))}{more}: {changes[0].Consequence}; restore "
            + $"what it was, or go on with {acceptance}, which is recorded in the run.";
    }
}
