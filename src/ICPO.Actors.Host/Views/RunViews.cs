using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Host.Views;

/// <summary>Shows the progress of a run.</summary>
internal interface IRunView
{
    /// <summary>Returns when the run has ended, also if it failed; <see cref="IIcpoRun.Completion"/> has the result.</summary>
    Task ShowAsync(IIcpoRun run, CancellationToken stop);
}

internal static class RunViews
{
    public static IRunView For(Terminal terminal) => terminal.Rich is { } console ? new LiveView(console) : new PlainView(terminal.Out);
}
