using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Modeling.Backend;

namespace ICPO.Actors.Host.Dashboards;

/// <summary>Starts dashboards for commands.</summary>
internal static class DashboardHost
{
    /// <summary>The key that requests must have, for several dashboards behind one bookmark; a random one if it is not set.</summary>
    public const string KeyVariable = "ICPO_DASHBOARD_KEY";

    /// <param name="listen">The address; null uses the default one, or a free port if another process has that.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="IOException">The server cannot listen on the address.</exception>
    /// <exception cref="UsageException">The key of the environment is invalid.</exception>
    public static async Task<DashboardServer> StartAsync(ListenAddress? listen, CancellationToken cancellationToken)
    {
        var options = new DashboardOptions { Key = AccessKey.Read(KeyVariable), OpenTokenizer = OpenTokenizer };
        if (listen is not null)
        {
            return await DashboardServer.StartAsync(options with { Listen = listen }, cancellationToken);
        }

        try
        {
            return await DashboardServer.StartAsync(options, cancellationToken);
        }
        catch (IOException)
        {
            ListenAddress free = DashboardOptions.Default with { Port = 0 };
            return await DashboardServer.StartAsync(options with { Listen = free }, cancellationToken);
        }
    }

    private static PolicyTokenizer OpenTokenizer(RunSettings settings)
    {
        string path = settings.Model.Path.Length > 0 ? settings.Model.Path : BundledModel.Path;
        var source = ModelSource.Open(path, settings.Model.Adapter.Length > 0 ? settings.Model.Adapter : null);
        return new PolicyTokenizer(source.LoadTokenizer());
    }
}
