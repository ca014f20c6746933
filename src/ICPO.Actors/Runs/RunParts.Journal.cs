using Akka.Actor;
using ICPO.Actors.Buffering;
using ICPO.Actors.Journaling;
using ICPO.Actors.Notes;
using ICPO.Actors.Ownership;
using ICPO.Actors.Payloads;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Runs;

/// <summary>The buffer of a run, and the parts of the run on its journal's server.</summary>
internal sealed partial class RunParts
{
    private IPayloadStore? _payloads;

    /// <summary>The ownership of the run, which ends with it; null if the journal is a file.</summary>
    public RunOwnership? Owner { get; set; }

    /// <summary>The records that are stored with the journal; null if the journal is a file.</summary>
    public RunNotes? Notes { get; set; }

    /// <summary>Starts the buffer; restarts it if another core has written to the journal during its recovery.</summary>
    /// <param name="context">The context of the run.</param>
    /// <param name="retry">Waits for a server that does not respond.</param>
    public void StartBuffer(IActorContext context, OutageRetry retry)
    {
        if (_payloads is null)
        {
            _payloads = PayloadStores.Open(run.Directory, run.Settings.Journal, Owner, retry);
            _files.AddRange([_payloads, _traces]);
        }

        var settings = new BufferSettings(
            run.Settings.Journal.Synchronous == "full",
            run.Settings.Admission.HardStalenessBound,
            run.Settings.Journal.SnapshotEvery,
            run.Settings.Checkpoint.Keep
        )
        {
            RunId = run.Settings.RunId,
            MaxQueueAge = run.Settings.Admission.MaxQueueAge,
            Selection = run.Settings.Selection,
            Seed = run.Settings.Seed,
            RolloutDelay = run.Settings.Journal.RolloutDelay,
            KeepsAll = run.Settings.Journal.KeepsAll,
            Fence = Owner,
            HeldElsewhere = () => run.Endpoint?.OldestHeld,
            Events = run.Events,
            Traces = _traces,
        };
        Buffer = context.StartTrajectoryBuffer(_payloads, settings, run.Faults);
    }

    private async ValueTask EndOwnershipAsync()
    {
        (RunNotes? notes, RunOwnership? owner) = (Notes, Owner);
        (Notes, Owner) = (null, null);
        if (notes is not null)
        {
            await notes.DisposeAsync().ConfigureAwait(false);
        }

        if (owner is not null)
        {
            await owner.DisposeAsync().ConfigureAwait(false);
        }
    }
}
