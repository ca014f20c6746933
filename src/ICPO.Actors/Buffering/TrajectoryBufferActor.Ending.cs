using Akka.Actor;

namespace ICPO.Actors.Buffering;

/// <summary>The end of the buffer: with the run, or because its journal cannot be read or written.</summary>
public sealed partial class TrajectoryBufferActor
{
    protected override void PostStop()
    {
        _ended.Cancel();
        _ended.Dispose();
        base.PostStop();
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // Akka stops the actor after this; the parent ends the run with the reason.
        _parent.Tell(new JournalFailed($"The journal could not record {@event.GetType().Name}: {cause.Message}", cause));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _parent.Tell(new JournalFailed($"The journal rejected {@event.GetType().Name}: {cause.Message}", cause));

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _parent.Tell(new JournalFailed($"The journal could not be read: {reason.Message}", reason));
        base.OnRecoveryFailure(reason, message);
    }
}
