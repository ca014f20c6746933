using System.Net.Http.Json;
using System.Net.Sockets;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>
/// Keeps a standby's directory up to date with that of the core: reports its checkpoints to the core, and copies new ones.
/// </summary>
/// <param name="client">The client of the core's HTTP server.</param>
/// <param name="copy">The directory.</param>
/// <param name="name">The standby's display name.</param>
/// <param name="core">Returns the addresses of the current core; null while there is none.</param>
/// <param name="isReady">Returns true if the standby could take over now.</param>
internal sealed class StandbyFollower(HttpClient client, StandbyCopy copy, string name, Func<ClusterAddress?> core, Func<bool> isReady)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private readonly RunLock? _lock = copy.Lock;
    private long _renewed = TimeProvider.System.GetTimestamp();

    /// <summary>The error of the last attempt to copy; null if it succeeded.</summary>
    public string? Problem { get; private set; }

    /// <summary>Follows the core until it is canceled. Failures are retried.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                Renew();
                if (core() is { } address)
                {
                    await FollowAsync(address.Files, cancellationToken).ConfigureAwait(false);
                    copy.Name(address);
                }

                Problem = null;
            }
            catch (Exception error)
                when (error
                        is HttpRequestException
                            or SocketException
                            or IOException
                            or TaskCanceledException
                            or UnauthorizedAccessException
                )
            {
                Problem = error.Message;
            }

            await Task.Delay(Interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        copy.Forget();
    }

    /// <summary>One round: reports the checkpoints, and copies missing ones, newest first.</summary>
    public async Task FollowAsync(Uri address, CancellationToken cancellationToken)
    {
        StandbyOrders orders = await ReportAsync(address, cancellationToken).ConfigureAwait(false);
        foreach (StandbyCheckpoint checkpoint in copy.Missing(orders))
        {
            await copy.CopyAsync(address, checkpoint, cancellationToken).ConfigureAwait(false);
        }

        copy.DeleteOld(orders);
    }

    private async Task<StandbyOrders> ReportAsync(Uri address, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Answer);
        var status = new StandbyStatus(name, copy.Newest, isReady(), Problem);
        using HttpResponseMessage answer = await client
            .PostAsJsonAsync(new Uri(address, "standby"), status, deadline.Token)
            .ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<StandbyOrders>(deadline.Token).ConfigureAwait(false)
            ?? throw new IOException($"{address} returned no list of checkpoints for a standby.");
    }

    private void Renew()
    {
        if (TimeProvider.System.GetElapsedTime(_renewed) >= RunLock.Interval)
        {
            _lock?.Renew();
            _renewed = TimeProvider.System.GetTimestamp();
        }
    }
}
