using Akka.Hosting;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using ICPO.Actors.Wire.Codecs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ICPO.Actors.Cluster.Membership;

/// <summary>The host of a process that is a member of a cluster before it knows the run.</summary>
internal static class MemberHost
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <param name="settings">Of this process.</param>
    /// <param name="identity">Null is plain text.</param>
    /// <param name="loggers">Gets warnings and errors; null drops them.</param>
    /// <param name="configure">Adds to the actor system.</param>
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

    /// <summary>Leaves the cluster and ends the host; what does not end in time is left to the process's end.</summary>
    public static async Task EndAsync(IHost host, TimeSpan? timeout = null)
    {
        using var deadline = new CancellationTokenSource(timeout ?? StopTimeout);
        await host.StopAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        host.Dispose();
    }
}
