using Akka.Actor;
using Akka.Event;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Leasing;
using ICPO.Actors.Planning;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Dispatching;

/// <summary>Messages of workers, filter and buffer to the dispatcher, and the detection of stalls.</summary>
public sealed partial class DispatcherActor
{
    private readonly StallWatch _stall;
    private readonly FaultWatch _engines;
    private int _unjudged;
    private bool _journalAway;

    private void ReceiveFromWorkers()
    {
        Dispatching<Demand>(demand =>
        {
            Context.Watch(Sender);
            _engines.Seen(demand.Worker);
            CarryOut(
                _leases.Demand(
                    Sender,
                    new WorkerState<LeaseId>(
                        demand.Worker,
                        demand.Sequence,
                        demand.Free,
                        [.. demand.Origins.Select(origin => (int)origin)],
                        [.. demand.Held.Select(GrantOf)]
                    ),
                    Elapsed
                )
            );
            ReportDrained();
        });
        Receive<LeaseProgress>(progress =>
        {
            if (_leases.Progress(Sender, GrantOf(progress.Lease), progress.Steps, Elapsed))
            {
                _stall.Advanced(Elapsed);
            }
        });
        Dispatching<LeaseFailed>(failed =>
        {
            Grant<LeaseId> grant = GrantOf(failed.Lease);
            if (!_leases.Holds(Sender, grant))
            {
                return;
            }

            string name = _leases.NameOf(Sender)!;
            _log.Warning("Lease {0} failed at {1}: {2}", failed.Lease, name, failed.Reason);
            if (!failed.EngineFault)
            {
                CarryOut(_leases.Fail(Sender, grant, failed.Reason, Elapsed));
                return;
            }

            CarryOut(_leases.WorkerFailed(Sender, grant, failed.Reason, Elapsed));
            EngineFailed(name, failed.Reason);
        });
        Dispatching<WorkerFault>(fault => EngineFailed(fault.Worker, fault.Reason));
        Dispatching<Terminated>(worker =>
        {
            _engines.Gone(_leases.NameOf(worker.ActorRef));
            CarryOut(_leases.Forget(worker.ActorRef, "its worker terminated", Elapsed));
            ReportDrained();
        });
        Dispatching<Tick>(_ => OnTick());
    }

    private void ReceiveProgress()
    {
        Dispatching<RolloutArrived>(arrived =>
        {
            _unjudged++;
            _stall.Advanced(Elapsed);
            _engines.Worked();
            Grant<LeaseId> grant = GrantOf(arrived.Lease);
            CarryOut(_leases.Arrived(grant, arrived.Rollout.Sibling, Elapsed));
            if (!_leases.Contains(grant.Key))
            {
                _planned.Remove(grant.Key);
                _settings.Traces.LeaseEnded(grant.Key);
            }
        });
        Receive<RolloutVerified>(_ =>
        {
            _unjudged--;
            _stall.Advanced(Elapsed);
        });
        Dispatching<GroupAdmitted>(_ =>
        {
            _groups.Admitted();
            _stall.Advanced(Elapsed);
        });
        Dispatching<GroupRejected>(rejected =>
        {
            _groups.Rejected(rejected.Reason, _lastFailure);
            _stall.Advanced(Elapsed);
        });
        Dispatching<UpdateCommitted>(committed =>
        {
            _groups.Advanced(committed.Version);
            _stall.Advanced(Elapsed);
        });
        Receive<JournalAway>(journal =>
        {
            _journalAway = journal.Away;
        });
    }

    private void EngineFailed(string name, string reason)
    {
        _engines.Failed(name, reason, Elapsed);
        ThrowIfNoEngineCanWork();
    }

    private void ThrowIfNoEngineCanWork()
    {
        if (_engines.Problem(Elapsed, _leases.AnyAtWork) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }

    private static Grant<LeaseId> GrantOf(LeaseId lease) => new(lease with { Attempt = 0 }, lease.Attempt);

    private void OnTick()
    {
        TimeSpan now = Elapsed;
        ReportLoad(force: true);
        CarryOut(_leases.Expire($"its worker made no progress within {_settings.Admission.LeaseTimeout}", now));
        if (_journalAway || !_groups.IsOpen || !_groups.AwaitsGroups)
        {
            // The journal has its own deadline, and so has the learner where it holds all groups that may be dispatched.
            _stall.Advanced(now);
            _engines.Pause(now);
            return;
        }

        ThrowIfNoEngineCanWork();
        if (_stall.IsStalled(now))
        {
            throw new TimeoutException(StallReport(now));
        }
    }

    private string StallReport(TimeSpan now)
    {
        List<string> waits = [.. _leases.Waits(now)];
        if (_leases.Waiting > 0)
        {
            waits.Add($"{_leases.Waiting} leases wait for an engine that accepts them");
        }

        if (_unjudged > 0)
        {
            waits.Add($"{_unjudged} rollouts wait for a verdict");
        }

        if (waits.Count == 0)
        {
            waits.Add(_groups.Running > 0 ? $"{_groups.Running} groups wait for the journal" : "no engine requests work");
        }

        return $"Nothing has advanced for {_stall.Since(now).TotalSeconds:0} s: {string.Join("; ", waits)}. If an engine or verifier needs "
            + "longer, raise admission.stall-timeout; committed updates are kept.";
    }
}
