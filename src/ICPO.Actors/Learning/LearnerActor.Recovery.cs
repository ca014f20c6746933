using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Buffering;
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
        Receive<Recovered>(recovered =>
        {
            LearnerRecoveryReport report = recovered.Report;
            (_version, _checkpointed) = (report.Version, report.Checkpointed);
            if (report.Redone is [PolicyVersion first, ..])
            {
                Report($"repeated updates {first} to {_version} from the journal in {recovered.Elapsed.TotalSeconds:0.0} s");
            }

            _parts.Events.Publish(new PolicyPublished(recovered.Snapshot));
            Context.Parent.Tell(new Ready(recovered.Snapshot));
            Become(ReadyToTrain);
        });
        Common();
    }

    private async Task<Recovered> RecoverAsync(BufferRecovered state, IActorRef self, CancellationToken cancellationToken)
    {
        long start = _parts.Time.GetTimestamp();
        var recovery = new LearnerRecovery(_parts.Learner, _parts.Assembler, _parts.Checkpoints)
        {
            Damaged = damaged => self.Tell(new Damaged(damaged)),
            Redone = () => _parts.Faults.Reach(FaultPoints.UpdateRedone),
        };
        LearnerRecoveryReport report = await recovery.RunAsync(state, cancellationToken).ConfigureAwait(false);
        TimeSpan elapsed = _parts.Time.GetElapsedTime(start);
        return new Recovered(report, elapsed, await WriteWeightsAsync(state.Epoch, cancellationToken).ConfigureAwait(false));
    }
}
