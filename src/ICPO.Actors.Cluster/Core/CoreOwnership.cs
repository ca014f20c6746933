using System.Globalization;
using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Journaling;
using ICPO.Actors.Runs;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Cluster.Core;

/// <summary>
/// Holds the lease of a run whose journal is on a server, from before its actors start until after they have ended. A run whose core is in
/// another process is rejected.
/// </summary>
internal sealed class CoreOwnership(RunContext run, CoreEndpoint endpoint, CoreIdentity identity) : IHostedService, IDisposable
{
    private readonly CoreElection _election = identity.Elect(run.Database, run.Settings.RunId, resumesEnded: true, endpoint.Replace);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ClusterSettings settings = run.Settings.Cluster;
        await JournalTables.ReachAsync(run.Database, (_, _) => { }, run.Time, cancellationToken).ConfigureAwait(false);
        _ = CoreLeaseTable.ReadAtStart(run.Database, run.Settings.RunId);
        endpoint.Election = _election;
        _election.Start();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter((2 * settings.FailoverAfter) + TimeSpan.FromSeconds(2));
        try
        {
            await _election.Elected.WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _election.Dispose();
            throw new IOException(Refusal());
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) =>
        _election.End(await CoreIdentity.StateOfAsync(run, endpoint).ConfigureAwait(false));

    public void Dispose() => _election.Dispose();

    private string Refusal() =>
        _election.Last switch
        {
            { IsLive: true, Holder: var holder } =>
                $"{holder.Node} runs the core of {run.Settings.RunId}; stop it first, or make this process a standby with cluster.seeds = "
                    + $"[{holder.Seed}].",
            { Holder: var last } => string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Directory.Path} contains no checkpoint from update {last.OldestKept} on, the oldest update that can be "
            ) + $"restored; resume the run in the directory of {last.Node}.",
            null => $"{run.Database.Description} does not respond.",
        };
}
