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

    private sealed record Owned(long UpTo) : INoSerializationVerificationNeeded;

    private sealed record NotDeleted(Exception Reason) : INoSerializationVerificationNeeded;

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
        Command<Owned>(owned => Delete(owned.UpTo));
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

    /// <summary>
    /// Deletes what the snapshot replaces, if this core owned the run once the snapshot was saved: every core that takes the run after that
    /// begins with this snapshot or a later one, and does not read what is deleted.
    /// </summary>
    private void Prune(long upTo)
    {
        _ = CheckAsync().PipeTo(Self, failure: error => new NotDeleted(error));

        async Task<Owned> CheckAsync()
        {
            await _settings.Fence.CheckAsync(_ended.Token).ConfigureAwait(false);
            return new Owned(upTo);
        }
    }

    /// <summary>The buffer goes on meanwhile: a database takes its time to delete many payloads.</summary>
    private void Delete(long upTo)
    {
        BlobRef? oldest = new[] { _pending.OldestPayload, _state.OldestPayload }
            .Where(payload => payload is not null)
            .MinBy(payload => (payload!.Value.Segment, payload.Value.Offset));
        DeleteMessages(upTo);
        _ = DeletePayloadsAsync(_payloads.DeleteBeforeAsync(oldest, _ended.Token), Self);

        static async Task DeletePayloadsAsync(ValueTask deleted, IActorRef self)
        {
            try
            {
                await deleted.ConfigureAwait(false);
            }
            catch (Exception error) when (error is DbException or IOException)
            {
                self.Tell(new NotDeleted(error));
            }
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
