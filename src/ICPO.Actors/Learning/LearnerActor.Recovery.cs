using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Faults;

namespace ICPO.Actors.Learning;

/// <summary>The recovery of the learner before it trains.</summary>
public sealed partial class LearnerActor
{
    private void Recovering()
    {
        Receive<Damaged>(message =>
        {
            DamagedCheckpoint damaged = message.Checkpoint;
            string name = damaged.Checkpoint.Directory;
            if (!Directory.Exists(_parts.Checkpoints.PathOf(name)))
            {
                Report($"checkpoint {name} is missing, the previous one is used");
                return;
            }

            _log.Error(damaged.Error, "Checkpoint {0} is damaged: {1}", name, damaged.Error.Message);
            Report($"checkpoint {name} is damaged, the previous one is used: {damaged.Error.Message}");
        });
        Recovered? done = null;
        Receive<Recovered>(recovered =>
        {
            done = recovered;
            LearnerRecoveryReport report = recovered.Report;
            (_version, _checkpointed) = (report.Version, report.Checkpointed);
            if (report.Redone is [PolicyVersion first, ..])
            {
                Report($"repeated updates {first} to {_version} from the journal in {recovered.Elapsed.TotalSeconds:0.0} s");
            }

            if (report.Different.IsEmpty)
            {
                Begin(recovered.Snapshot);
                return;
            }

            Report(
                $"updates {report.Different[0].Version} to {report.Different[^1].Version} have other weights than before, because they "
                    + $"were repeated on other hardware ({_parts.Learner.Hardware}; before: {report.OtherHardware}); the run continues "
                    + "with them"
            );
            LimitRecording("recording the repeated updates in the journal");
            _parts.Buffer.Tell(new RecordRedone(_epoch, _parts.Learner.Hardware, report.Different));
        });
        Receive<UpdatesRedoneEvent>(
            redone => done is not null && redone.Epoch == _epoch,
            _ =>
            {
                Timers.Cancel(nameof(Overdue));
                Begin(done!.Snapshot);
            }
        );
        Common();
    }

    private void Begin(PolicySnapshot snapshot)
    {
        _parts.Events.Publish(new PolicyPublished(snapshot));
        Context.Parent.Tell(new Ready(snapshot));
        Become(ReadyToTrain);
    }

    private async Task<Recovered> RecoverAsync(BufferRecovered state, IActorRef self, CancellationToken cancellationToken)
    {
        long start = _parts.Time.GetTimestamp();
        var recovery = new LearnerRecovery(_parts.Learner, _parts.Assembler, _parts.Checkpoints)
        {
            Damaged = damaged => self.Tell(new Damaged(damaged)),
            Redone = () => _parts.Faults.Reach(FaultPoints.UpdateRedone),
            MustRepeatExactly = _parts.MustRepeatExactly,
        };
        LearnerRecoveryReport report = await recovery.RunAsync(state, cancellationToken).ConfigureAwait(false);
        TimeSpan elapsed = _parts.Time.GetElapsedTime(start);
        return new Recovered(report, elapsed, await WriteWeightsAsync(state.Epoch, cancellationToken).ConfigureAwait(false));
    }
}
