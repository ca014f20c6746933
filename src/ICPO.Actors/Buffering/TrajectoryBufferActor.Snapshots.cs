using Akka.Event;
using Akka.Persistence;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Faults;
using ICPO.Actors.Ownership;

namespace ICPO.Actors.Buffering;

/// <summary>Snapshots of the buffer's state, and the deletions that they allow.</summary>
public sealed partial class TrajectoryBufferActor
{
    private long _snapshotDue;
    private bool _snapshotting;

    private void RestoreSnapshot(SnapshotOffer offer)
    {
        _state = new BufferState((BufferSnapshot)offer.Snapshot);
        _snapshotDue = NextSnapshot(offer.Metadata.SequenceNr);
    }

    private void ReceiveSnapshotResults()
    {
        Command<SaveSnapshotSuccess>(saved =>
        {
            _snapshotting = false;
            _faults.Reach(FaultPoints.SnapshotSaved);
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
            if (!_settings.KeepsAll)
            {
                Prune(saved.Metadata.SequenceNr);
            }
        });
        Command<SaveSnapshotFailure>(failed =>
        {
            _snapshotting = false;
            _log.Warning("No snapshot of the journal was written; recovery reads more events: {0}", failed.Cause.Message);
        });
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => _log.Warning("Old events were not deleted: {0}", failed.Cause.Message));
        Command<NotDeleted>(kept =>
        {
            if (kept.Reason is RunFencedException)
            {
                throw kept.Reason;
            }

            _log.Warning("Old events or payloads were not deleted: {0}", kept.Reason.Message);
        });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.Warning("Old snapshots were not deleted: {0}", failed.Cause.Message));
    }

    private void SnapshotIfDue()
    {
        if (LastSequenceNr >= _snapshotDue)
        {
            Snapshot();
        }
    }

    private void Snapshot()
    {
        if (!_snapshotting)
        {
            _snapshotting = true;
            _snapshotDue = NextSnapshot(LastSequenceNr);
            SaveSnapshot(_state.ToSnapshot());
        }
    }

    /// <summary>At least as many events apart as the state has groups, so the cost of snapshots stays proportional to the events.</summary>
    private long NextSnapshot(long sequenceNr) => sequenceNr + Math.Max(_settings.SnapshotEvery, _state.Size);
}
