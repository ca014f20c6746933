using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Buffering;
using ICPO.Actors.Ownership;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Runs;

/// <summary>
/// The ownership of a run whose journal is on a server: sends heartbeats, reads the journal again if the previous core has written
/// meanwhile, and ends the run once another core has taken it over.
/// </summary>
public sealed partial class RunActor
{
    private const int MaxRecoveries = 3;
    private int _recoveries;
    private bool _recoverAgain;
    private bool _overtaken;

    private void ReceiveOwnership()
    {
        Receive<Reached>(reached =>
        {
            (_parts.Owner, _parts.Notes) = (reached.Owner, reached.Notes);
            if (_parts.Owner is not null)
            {
                Self.Tell(Beat.Instance);
            }

            Next(new RunEvent.JournalReached());
        });
        Receive<Beat>(_ => SendBeat());
        Receive<Beaten>(beaten =>
        {
            if (beaten.Missed is { } missed)
            {
                _log.Warning("The heartbeat was not recorded: {0}", missed.Message);
            }

            Timers.StartSingleTimer(nameof(Beat), Beat.Instance, RunOwnership.Interval);
        });
        Receive<JournalFailed>(failed =>
        {
            if (!failed.IsOvertaken || _parts.Owner is null)
            {
                Fail(new IOException(failed.Message, failed.Cause));
            }
            else if (_state is null && _recoveries < MaxRecoveries)
            {
                _recoverAgain = true;
            }
            else
            {
                // The reason is read from the server, and must arrive before the end of the buffer.
                _overtaken = true;
                _ = _parts.Owner.OvertakenAsync(failed.Message, failed.Cause, _ended.Token).PipeTo(Self, success: why => new Failed(why));
            }
        });
        Receive<Terminated>(
            gone => _recoverAgain && gone.ActorRef.Equals(_parts.Buffer),
            _ =>
            {
                // The previous core detects its replacement at its next write or heartbeat.
                _recoverAgain = false;
                _log.Warning("Another core has written to the journal while it was read; it is read again");
                Timers.StartSingleTimer(nameof(RecoverAgain), RecoverAgain.Instance, _recoveries++ * RunOwnership.Interval / 2);
            }
        );
        Receive<Terminated>(gone => _overtaken && gone.ActorRef.Equals(_parts.Buffer), _ => { });
        Receive<RecoverAgain>(_ => StartBuffer());
    }

    private void SendBeat()
    {
        if (_parts.Owner is { } owner)
        {
            _ = owner.TryBeatAsync(_ended.Token).PipeTo(Self, success: missed => new Beaten(missed));
        }
    }

    private void StartBuffer()
    {
        ILoggingAdapter log = _log;
        _parts.StartBuffer(
            Context,
            Retry(
                (message, away) =>
                {
                    log.Warning("{0}", message);
                    _run.Events.Publish(new RunNote(message));
                    _run.Events.Publish(new JournalAway(away, message));
                }
            )
        );
    }
}
