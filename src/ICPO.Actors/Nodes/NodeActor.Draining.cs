using Akka.Actor;
using ICPO.Actors.Leasing;

namespace ICPO.Actors.Nodes;

/// <summary>The draining of a node: its workers accept no new work and deliver their rollouts.</summary>
public sealed partial class NodeActor
{
    private readonly HashSet<IActorRef> _draining = [];
    private IActorRef? _drainRequester;

    private void ReceiveDrain()
    {
        Receive<DrainWorker>(_ =>
        {
            _drainRequester = Sender;
            foreach (IActorRef worker in Slots.Select(slot => slot.Actor).Where(actor => !actor.IsNobody()))
            {
                _draining.Add(worker);
                worker.Tell(DrainWorker.Instance);
            }

            ReportDrained();
        });
        Receive<WorkerDrained>(_ =>
        {
            _draining.Remove(Sender);
            ReportDrained();
        });
    }

    private void ReportDrained()
    {
        if (_draining.Count == 0)
        {
            _drainRequester?.Tell(WorkerDrained.Instance);
            _drainRequester = null;
        }
    }
}
