using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Views;

/// <summary>Shows a run while it goes.</summary>
internal interface IRunView
{
    /// <summary>Returns when the run tells no more; never throws for what the run does.</summary>
    Task ShowAsync(IIcpoRun run, CancellationToken stop);
}

internal static class RunViews
{
    public static IRunView For(Terminal terminal) => terminal.Rich is { } console ? new LiveView(console) : new PlainView(terminal.Out);
}
