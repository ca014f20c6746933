using Akka.Hosting;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Hosting;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Soak;

/// <summary>A host app with an actor system of its own in which one run takes place. The soak starts itself as this app.</summary>
internal static class SharedSystemApp
{
    /// <summary>The first argument; the second is the run's directory.</summary>
    public const string Command = "shared-system";

    public static async Task<int> RunAsync(string directory)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddIcpo(IcpoConfiguration.Load().With([new("run.directory", directory)]));
        builder.Services.AddSingleton(services => services.GetRequiredService<RunFactory>().Create());
        builder.Services.AddAkka("app", (akka, services) => akka.WithIcpo(services.GetRequiredService<RunContext>()));
        using IHost host = builder.Build();
        await host.RunAsync();
        return 0;
    }
}
