using System.Net.Http.Json;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>Keeps a standby's directory as far as that of the core: tells the core what it holds, and copies what is new there.</summary>
/// <param name="client">Reaches the core's HTTP server.</param>
/// <param name="copy">The directory.</param>
/// <param name="name">The standby's name, for people.</param>
/// <param name="core">The core's base address now; null while there is none.</param>
/// <param name="isReady">True where the standby could take over now.</param>
internal sealed class StandbyFollower(HttpClient client, StandbyCopy copy, string name, Func<Uri?> core, Func<bool> isReady)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private readonly RunLock? _lock = copy.Lock;
    private long _renewed = TimeProvider.System.GetTimestamp();

    /// <summary>Why nothing could be copied last; null where that went well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Follows until it is canceled. What fails is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                Renew();
                if (core() is { } address)
                {
                    await FollowAsync(address, cancellationToken).ConfigureAwait(false);
                }

                Problem = null;
            }
            catch (Exception error)
                when (error is HttpRequestException or IOException or TaskCanceledException or UnauthorizedAccessException)
            {
                Problem = error.Message;
            }

            await Task.Delay(Interval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round: says what is held, and copies what is missing, the newest first.</summary>
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
            ?? throw new IOException($"{address} has not said what a standby should hold.");
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
