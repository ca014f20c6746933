using Akka.Actor;

namespace ICPO.Actors.Nodes;

/// <summary>Stops a child that fails, and says which and why.</summary>
/// <param name="report">Called on the parent's thread.</param>
internal sealed class ReportingStrategy(Action<IActorRef, Exception> report) : OneForOneStrategy(_ => Directive.Stop)
{
    protected override Directive Handle(IActorRef child, Exception exception)
    {
        report(child, exception);
        return Directive.Stop;
    }
}
