using Akka.Actor;

namespace ICPO.Actors.Nodes;

/// <summary>Stops a child that fails, and reports the child and the reason.</summary>
/// <param name="report">Receives the report, on the parent's thread.</param>
internal sealed class ReportingStrategy(Action<IActorRef, Exception> report) : OneForOneStrategy(_ => Directive.Stop)
{
    protected override Directive Handle(IActorRef child, Exception exception)
    {
        report(child, exception);
        return Directive.Stop;
    }
}
