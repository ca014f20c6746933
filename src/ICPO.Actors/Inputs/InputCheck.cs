using System.Collections.Immutable;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Inputs;

namespace ICPO.Actors.Inputs;

/// <summary>The current inputs of a run, and their changes since it started.</summary>
/// <param name="Current">As they are.</param>
/// <param name="Changes">Accepted changes; empty for a new run.</param>
/// <param name="IsRecorded">True if the run's directory holds the current inputs already.</param>
internal sealed record InputCheck(RunInputs Current, ImmutableArray<InputChange> Changes, bool IsRecorded)
{
    private const string Unrecorded =
        "The inputs of this run (data, model, conventions) were not recorded when it started; the current ones are recorded, and later "
        + "starts are compared with them.";

    /// <summary>Messages for the owner; empty if nothing is unusual.</summary>
    public ImmutableArray<string> Notes { get; private init; } = [];

    /// <summary>The inputs of a new run.</summary>
    public static InputCheck Create(IcpoConfiguration configuration, InProcessParts parts) =>
        new(Collect(configuration, parts, null), [], IsRecorded: false);

    /// <summary>Compares the inputs of a run that is resumed or replayed with those recorded in its directory.</summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="configuration">The configuration that it continues with.</param>
    /// <param name="parts">Parts of the host app.</param>
    /// <param name="accepts">True to accept changed inputs.</param>
    /// <exception cref="ChangedInputsException">Something has changed and that is not accepted.</exception>
    public static InputCheck Compare(RunDirectory directory, IcpoConfiguration configuration, InProcessParts parts, bool accepts)
    {
        var recorded = RunInputs.Read(directory);
        RunInputs current = Collect(configuration, parts, recorded);
        if (recorded is null)
        {
            return new InputCheck(current, [], IsRecorded: false) { Notes = [Unrecorded] };
        }

        ImmutableArray<InputChange> changes = InputComparison.Compare(recorded.Inputs, current.Inputs);
        return changes.IsEmpty || accepts
            ? new InputCheck(current, changes, IsRecorded: changes.IsEmpty && SamePlaces(recorded, current))
            {
                Notes = [.. changes.Select(change => $"{change.Description}; accepted: {change.Consequence}.")],
            }
            : throw new ChangedInputsException(changes);
    }

    private static RunInputs Collect(IcpoConfiguration configuration, InProcessParts parts, RunInputs? known) =>
        new([
            .. InputFiles.Read(configuration.Settings, parts, known),
            .. InputValues.Conventions(configuration, parts),
            .. parts.Inputs(),
        ]);

    private static bool SamePlaces(RunInputs recorded, RunInputs current) => recorded.Inputs.SequenceEqual(current.Inputs);
}
