using System.Collections.Immutable;

namespace ICPO.Actors.RunFiles.Inputs;

/// <summary>The inputs of a run have changed since it started.</summary>
public sealed class ChangedInputsException(ImmutableArray<InputChange> changes)
    : IOException(Describe(changes, "ResumeOptions.AcceptChangedInputs"))
{
    private const int Named = 3;

    public ImmutableArray<InputChange> Changes { get; } = changes;

    /// <summary>The message for users who do not use the API.</summary>
    /// <param name="acceptance">What accepts the changes.</param>
    public string Describe(string acceptance) => Describe(Changes, acceptance);

    /// <summary>One sentence: the inputs, the consequence of the first, and the two options.</summary>
    private static string Describe(ImmutableArray<InputChange> changes, string acceptance)
    {
        string more = changes.Length > Named ? $" and {changes.Length - Named} more" : "";
        return $"{string.Join("; ", changes.Take(Named).Select(change => change.Description))}{more}: {changes[0].Consequence}; restore "
            + $"it, or continue with {acceptance}, which is recorded in the run.";
    }
}
