using Akka.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Hosting;

/// <summary>Starts each run in a small host of its own, so that several can follow each other or run side by side.</summary>
internal sealed class IcpoRuns(RunPlans plans) : IIcpoRuns
{
    public Task<IIcpoRun> StartAsync(CancellationToken cancellationToken = default) => StartAsync(plans.New(), cancellationToken);

    public Task<IIcpoRun> ResumeAsync(string directory, CancellationToken cancellationToken = default) =>
        StartAsync(plans.Resume(directory), cancellationToken);

    private static async Task<IIcpoRun> StartAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new RunLogProvider(plan.Directory.Log, plan.Time));
        builder.Services.AddAkka("icpo", akka => akka.ConfigureLoggers(loggers =>
                {
                    // Warnings and errors only: at the end of an actor system its own remarks would go past the log to the terminal.
                    loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                })
                .AddHocon("akka.coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }", HoconAddMode.Prepend)
                .WithIcpo(plan));
        plan.HasOwnHost = true;
        try
        {
            IHost host = builder.Build();
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            plan.Run.EndsWith(host);
            return plan.Run;
        }
        catch
        {
            plan.Lock?.Dispose();
            throw;
        }
    }
}
