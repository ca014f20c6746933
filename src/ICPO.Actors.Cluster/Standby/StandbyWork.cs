using Akka.Actor;
using ICPO.Actors.Buffering;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Core;
using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Cluster.Files;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Hosting;
using ICPO.Actors.Journaling;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ICPO.Actors.Cluster.Standby;

/// <summary>The work of a standby: follows the core of a run, and takes over the run when it is elected.</summary>
internal sealed class StandbyWork : IAsyncDisposable
{
    private static readonly TimeSpan Fetch = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);
    private readonly StandbyParts _parts;
    private readonly ClusterSettings _settings;
    private readonly CoreIdentity _own;
    private readonly HttpClient _client;
    private readonly StandbyCopy _copy;
    private readonly CoreElection _election;
    private readonly Takeover _takeover;
    private readonly IServiceProvider _services;
    private readonly CancellationTokenSource _left = new();
    private readonly TaskCompletionSource<IIcpoRun?> _takenOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef _door = ActorRefs.Nobody;
    private volatile bool _hasReadJournal;
    private Task _following = Task.CompletedTask;
    private ResumeOptions _resume = new();

    public StandbyWork(StandbyParts parts)
    {
        (_parts, _settings) = (parts, parts.Configuration.Settings.Cluster);
        _own = new CoreIdentity(_settings, parts.Run.Directory)
        {
            Seed = ClusterMembership.Name(Akka.Cluster.Cluster.Get(parts.System).SelfAddress),
        };
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (parts.Identity is { } identity)
        {
            handler.SslOptions = identity.Client;
        }

        _client = new HttpClient(handler) { Timeout = Fetch };
        _copy = new StandbyCopy(parts.Run.Directory, new FileDownload(_client));
        _election = _own.Elect(parts.Run.Database, parts.Run.Id, parts.ResumesEnded, Replaced);
        _services = parts.Services ?? new ServiceCollection().BuildServiceProvider();
        _takeover = new Takeover(
            parts.System,
            parts.Identity,
            parts.Loggers ?? NullLoggerFactory.Instance,
            _services.GetServices<IRunHostPart>()
        );
    }

    /// <summary>The run once it has been taken over; null if that is no longer necessary.</summary>
    public Task<IIcpoRun?> TakenOver => _takenOver.Task;

    /// <summary>Locks the directory and starts to follow the core.</summary>
    /// <exception cref="IOException">The directory cannot be used, or the database or the core does not respond.</exception>
    /// <exception cref="RunFiles.Inputs.ChangedInputsException">Data or model differ from those with which the run started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await JournalTables.ReachAsync(_parts.Run.Database, (_, _) => { }, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        _ = _parts.Run.ReadLease();
        await _parts.Run.RestoreAsync(cancellationToken).ConfigureAwait(false);
        _resume = await StandbyInputs
            .FindAsync(_parts, new FileDownload(_client), _parts.Run.ReadLease()?.Holder.Files, cancellationToken)
            .ConfigureAwait(false);
        await Factory().CheckResumeAsync(_parts.Run.Directory.Path, _resume).ConfigureAwait(false);
        _copy.Take();
        _parts.System.ActorOf(MembershipGuardActor.Props(Removed), "icpo-membership");
        _door = _parts.System.ActorOf(CoreDoorActor.Props(), CoreDoorActor.Name);
        _parts.Report($"standing by for run {_parts.Run.Id} in {_parts.Run.Directory.Path}");
        _election.Start();
        _following = FollowAsync();
    }

    /// <summary>Stops the standby; a run that it has taken over continues.</summary>
    public void Leave()
    {
        if (_takenOver.TrySetResult(null))
        {
            _left.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(_following, Task.Delay(Ending)).ConfigureAwait(false);
        await _takeover.DisposeAsync().ConfigureAwait(false);
        LeaseState? state = _takeover is { Run: { } run, Core: { } core }
            ? await CoreIdentity.StateOfAsync(run, core).ConfigureAwait(false)
            : null;
        _election.End(state);
        _copy.Dispose();
        _client.Dispose();
        _left.Dispose();
    }

    private ClusterAddress? Core =>
        _election.Last is { IsLive: true, Holder: { Files.Length: > 0 } holder } && holder.Token != _own.Token
            ? new ClusterAddress(holder.Seed, new Uri(holder.Files))
            : null;

    /// <summary>True if this process can take over the run without delay.</summary>
    private bool IsReady => _hasReadJournal && _own.CanGoOn(_election.Last);

    private void Replaced(string reason)
    {
        if (_takeover.Core is { } core)
        {
            core.Replace(reason);
        }
        else
        {
            _takenOver.TrySetException(new IOException(reason));
        }
    }

    private void Removed(string reason)
    {
        if (_takeover.Core is { } core)
        {
            core.Removed(reason);
        }
        else
        {
            _takenOver.TrySetException(new IOException(reason));
        }
    }

    private async Task FollowAsync()
    {
        using var following = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        var follower = new StandbyFollower(_client, _copy, _parts.Name, () => Core, () => IsReady);
        var followed = Task.WhenAll(follower.RunAsync(following.Token), ReadJournalAsync(following.Token));
        try
        {
            LeaseRow? replaced = await ElectedAsync(_left.Token).ConfigureAwait(false);
            await following.CancelAsync().ConfigureAwait(false);
            await followed.ConfigureAwait(false);
            _takenOver.TrySetResult(await TakeOverAsync(replaced).ConfigureAwait(false));
            return;
        }
        catch (OperationCanceledException)
        {
            _takenOver.TrySetResult(null);
        }
        catch (RunEndedElsewhereException ended) when (ended.State != LeaseState.Failed)
        {
            _parts.Report(ended.Message);
            _takenOver.TrySetResult(null);
        }
        catch (Exception error)
        {
            _takenOver.TrySetException(error);
        }

        await following.CancelAsync().ConfigureAwait(false);
        await followed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Reads the journal in advance, which makes a takeover faster by seconds.</summary>
    private async Task ReadJournalAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BufferReader.ReadAsync(_parts.Run.Database, _parts.Run.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or TimeoutException)
        {
            _parts.Report($"the journal was not read in advance, so a takeover would take longer: {error.Message}");
        }
        catch (OperationCanceledException)
        {
            // The process takes over the run, or leaves.
        }

        _hasReadJournal = true;
    }

    /// <summary>Waits to be elected, as long as <see cref="StandbyPatience"/> permits.</summary>
    /// <exception cref="IOException">This process cannot stand by any longer.</exception>
    private async Task<LeaseRow?> ElectedAsync(CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        long begun = time.GetTimestamp();
        var patience = new StandbyPatience(_settings.OrphanTimeout, _settings.FailoverAfter);
        while (!_election.Elected.IsCompleted)
        {
            await Task.WhenAny(_election.Elected, Task.Delay(Look, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            LeaseRow? last = _election.Last;
            if (patience.Check(last, _own.CanGoOn(last), _takeover.Find(last), time.GetElapsedTime(begun)) is { } problem)
            {
                throw new IOException(Describe(problem, last!.Holder));
            }
        }

        return await _election.Elected.ConfigureAwait(false);
    }

    private string Describe(StandbyProblem problem, LeaseHolder holder) =>
        problem == StandbyProblem.OtherCluster
            ? $"{holder.Node} runs the core of {_parts.Run.Id} in another cluster, at {holder.Seed}; restart this process so that it joins "
                + "that cluster (a supervisor does that). Name all learners in cluster.seeds, so that they form one cluster."
            : $"No process has run the core of {_parts.Run.Id} for {_settings.OrphanTimeout.TotalSeconds:0} s, and "
                + $"{_parts.Run.Directory.Path} contains no checkpoint from update {holder.OldestKept} on; resume the run in the "
                + $"directory of {holder.Node}.";

    private async Task<IIcpoRun> TakeOverAsync(LeaseRow? replaced)
    {
        _takeover.Remove(replaced);
        _parts.Report(
            replaced is null || replaced.Holder.Token == _own.Token
                ? $"starting the core of {_parts.Run.Id}"
                : $"{replaced.Holder.Node} no longer holds the lease of {_parts.Run.Id}; taking over its core"
        );
        _copy.Dispose();
        await _parts.Run.RestoreAsync(_left.Token).ConfigureAwait(false);
        RunContext run = Factory().Resume(_parts.Run.Directory.Path, _resume);
        run.NodeName = _parts.Name;
        try
        {
            await _takeover.StartAsync(run, _own, _election, _door, _left.Token).ConfigureAwait(false);
            return run.Run;
        }
        catch
        {
            run.Lock?.Dispose();
            throw;
        }
    }

    private RunFactory Factory() =>
        new RunFactory(_parts.Configuration, _services, TimeProvider.System).With(_parts.Resume.Parts ?? new HostParts());
}
