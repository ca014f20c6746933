using System.Data.Common;
using Akka.Actor;
using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Buffering;

/// <summary>Deletes events and payloads that are no longer needed.</summary>
public sealed partial class TrajectoryBufferActor
{
    private sealed record NotDeleted(Exception Reason) : INoSerializationVerificationNeeded;

    /// <summary>
    /// Deletes what the snapshot replaces. The buffer continues meanwhile, since a server may be slow. A core that takes over the run now
    /// starts with this snapshot or a later one, and does not read what is deleted.
    /// </summary>
    private void Prune(long upTo)
    {
        BlobRef? oldest = new[] { _pending.OldestPayload, _state.OldestPayload }
            .Where(payload => payload is not null)
            .MinBy(payload => (payload!.Value.Segment, payload.Value.Offset));
        if (_settings.Fence is { } fence)
        {
            _ = DeleteAsync(fence.DeleteEventsAsync(PersistenceId, upTo, _ended.Token), Self);
        }
        else
        {
            DeleteMessages(upTo);
        }

        _ = DeleteAsync(_payloads.DeleteBeforeAsync(oldest, _ended.Token).AsTask(), Self);

        static async Task DeleteAsync(Task deleted, IActorRef self)
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
}
