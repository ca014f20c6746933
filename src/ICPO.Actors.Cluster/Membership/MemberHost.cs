using Akka.Hosting;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using ICPO.Actors.Wire.Codecs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>The host of a process that joins a cluster before it has the run's description.</summary>
internal static class MemberHost
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <param name="settings">The settings of this process.</param>
    /// <param name="identity">The TLS identity; null for plain text.</param>
    /// <param name="loggers">Receives warnings and errors; null discards them.</param>
    /// <param name="configure">Configures the actor system further.</param>
    public static IHost Build(
        ClusterSettings settings,
        ClusterIdentity? identity,
        ILoggerFactory? loggers,
        Action<AkkaConfigurationBuilder>? configure = null
    )
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (loggers is not null)
        {
            builder.Services.AddSingleton(loggers);
        }
        else
        {
            builder.Services.AddLogging();
        }

        builder.Services.AddAkka(ClusterHocon.System, akka =>
        {
            akka.ConfigureLoggers(configured =>
                {
                    configured.LogLevel = Akka.Event.LogLevel.WarningLevel;
                    configured.ClearLoggers();
                    configured.AddLoggerFactory();
                })
                .AddHocon(WireConfiguration.Strict, HoconAddMode.Prepend)
                .AddHocon(WireConfiguration.Hocon, HoconAddMode.Prepend)
                .WithIcpoMembership(settings, identity);
            configure?.Invoke(akka);
        });
        return builder.Build();
    }

    /// <summary>Leaves the cluster and ends the host; whatever does not stop in time ends with the process.</summary>
    public static async Task EndAsync(IHost host, TimeSpan? timeout = null)
    {
        using var deadline = new CancellationTokenSource(timeout ?? StopTimeout);
        await host.StopAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        host.Dispose();
    }
}
