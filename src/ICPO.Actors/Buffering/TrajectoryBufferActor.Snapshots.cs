using System.Data.Common;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Faults;
using ICPO.Actors.Ownership;

namespace ICPO.Actors.Buffering;

/// <summary>When the buffer's state is snapshotted, and what may be deleted then.</summary>
public sealed partial class TrajectoryBufferActor
{
    private long _snapshotDue;
    private bool _snapshotting;
    private IAsyncDisposable? _pruning;

    private sealed record PayloadsKept(Exception Reason) : INoSerializationVerificationNeeded;

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
            if (!_settings.KeepsAll && _pruning is null)
            {
                Prune(saved.Metadata.SequenceNr);
            }
        });
        Command<SaveSnapshotFailure>(failed =>
        {
            _snapshotting = false;
            _log.Warning("No snapshot of the journal was written; recovery reads more events: {0}", failed.Cause.Message);
        });
        Command<DeleteMessagesSuccess>(_ => EndPruning());
        Command<DeleteMessagesFailure>(failed =>
        {
            _log.Warning("Old events were not deleted: {0}", failed.Cause.Message);
            EndPruning();
        });
        Command<PayloadsKept>(kept =>
        {
            if (kept.Reason is RunFencedException fenced)
            {
                throw fenced;
            }

            _log.Warning("Old payloads were not deleted: {0}", kept.Reason.Message);
        });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.Warning("Old snapshots were not deleted: {0}", failed.Cause.Message));
    }

    /// <summary>
    /// Deletes what the snapshot replaces. A core that takes the run waits until the events are deleted, and reads the journal after that:
    /// it must not read a journal whose events vanish meanwhile.
    /// </summary>
    private void Prune(long upTo)
    {
        IActorRef self = Self;
        BlobRef? oldest = new[] { _pending.OldestPayload, _state.OldestPayload }
            .Where(payload => payload is not null)
            .MinBy(payload => (payload!.Value.Segment, payload.Value.Offset));
        RunTask(async () =>
        {
            try
            {
                _pruning = await _settings.Fence.HoldAsync(_ended.Token).ConfigureAwait(true);
            }
            catch (DbException error)
            {
                _log.Warning("Old events were not deleted: {0}", error.Message);
                return;
            }

            DeleteMessages(upTo);
            _ = DeletePayloadsAsync(oldest, self);
        });
    }

    private void EndPruning()
    {
        _ = _pruning?.DisposeAsync().AsTask();
        _pruning = null;
    }

    /// <summary>The buffer goes on meanwhile: a database takes its time to delete many payloads.</summary>
    private async Task DeletePayloadsAsync(BlobRef? oldest, IActorRef self)
    {
        try
        {
            await _payloads.DeleteBeforeAsync(oldest, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            self.Tell(new PayloadsKept(error));
        }
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

    /// <summary>Not before as many events as the state holds groups: the cost of snapshots stays proportional to the events.</summary>
    private long NextSnapshot(long sequenceNr) => sequenceNr + Math.Max(_settings.SnapshotEvery, _state.Size);
}
