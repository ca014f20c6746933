using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Cluster.Election;
using ICPO.Actors.Cluster.Files;
using ICPO.Actors.Cluster.Membership;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Nodes;
using ICPO.Actors.Ownership;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Cluster.Core;

/// <summary>
/// The core's services for nodes of other processes: the run's description, its files, and the state of the cluster. Thread-safe.
/// </summary>
internal sealed class CoreEndpoint(RunContext run, RunModelFiles files) : ICoreEndpoint
{
    private readonly RelayTable _relays = new();
    private readonly StandbyTable _standbys = new(run.Time);
    private readonly StandbyFiles _standbyFiles = new(run.Directory, run.Settings.Checkpoint.Keep);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for the name of the successor; the database may be slow.</summary>
    private static readonly TimeSpan LeaseAnswer = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(long Epoch, long Version), string> _weights = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<ChunkList>>> _chunks = new();
    private volatile IActorRef? _gateway;
    private long _epoch;
    private volatile IActorRef? _door;
    private volatile ActorSystem? _system;

    /// <summary>Base address of the files; set when the server has started.</summary>
    public Uri? Files { get; set; }

    /// <summary>The address that nodes join; null before the actor system has started.</summary>
    public ClusterAddress? Address { get; private set; }

    /// <summary>The election that this core has won; null if its journal is not on a server.</summary>
    public CoreElection? Election { get; set; }

    /// <summary>True if the core runs and has published weights.</summary>
    public bool IsReady => _gateway is not null && !_weights.IsEmpty;

    /// <summary>The actor system has started.</summary>
    public void Open(ActorSystem system, IActorRef door)
    {
        (_system, _door) = (system, door);
        system.ActorOf(MemberRemovalActor.Props(() => !IsReplaced), "icpo-member-removal");
        Address = new ClusterAddress(ClusterMembership.Name(Akka.Cluster.Cluster.Get(system).SelfAddress), Files!);
        Address.Write(run.Directory.Path);
        if (_gateway is { } gateway)
        {
            door.Tell(new CoreDoorActor.Opened(gateway, new LearnerEpoch(Interlocked.Read(ref _epoch))));
        }
    }

    public void Attach(IActorRef gateway, LearnerEpoch epoch)
    {
        Interlocked.Exchange(ref _epoch, epoch.Value);
        _gateway = gateway;
        _door?.Tell(new CoreDoorActor.Opened(gateway, epoch));
    }

    /// <summary>Another process has taken over the run: this one ends with a message and does not end the run's nodes.</summary>
    public void Replace(string reason)
    {
        Leave();
        run.Run.Fail(new RunFencedException(reason, null));
    }

    /// <summary>
    /// The cluster has removed this process. If another one has replaced it, the lease will show that soon, with its name.
    /// </summary>
    public void Removed(string reason)
    {
        Leave();
        _ = Task.Delay(LeaseAnswer, run.Time)
            .ContinueWith(
                _ => Replace(reason),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }

    public void Leave() => IsReplaced = true;

    public string? HandOver()
    {
        if (_standbys.Present.FirstOrDefault(standby => standby.IsReady) is not { } next)
        {
            return null;
        }

        HandsOver = true;
        Leave();
        return next.Name;
    }

    /// <summary>True if a standby is to continue the run when it has stopped here.</summary>
    public bool HandsOver
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    public bool IsReplaced
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    public string FilesAddress => Files?.ToString() ?? "";

    public PolicyVersion? OldestHeld => _standbys.OldestHeld;

    /// <summary>The oldest version that can be restored.</summary>
    public long OldestKept => _standbyFiles.OldestKept;

    /// <summary>True once the run has resumed: its journal was read and its weights were restored.</summary>
    public bool HasWorked => !_weights.IsEmpty;

    /// <summary>Accepts the report of a standby and returns the checkpoints that it should have.</summary>
    public StandbyOrders Report(StandbyStatus standby)
    {
        _standbys.Saw(standby);
        return _standbyFiles.List();
    }

    /// <summary>A file that a standby copies; null if there is none of that name.</summary>
    public string? StandbyPath(string name) => _standbyFiles.PathOf(name);

    public RunDescription Describe(LearnerEpoch epoch) =>
        new()
        {
            Epoch = epoch,
            Run = run.Settings.RunId,
            Product = ProductVersion.Current,
            Configuration = File.ReadAllText(run.Directory.EffectiveConfiguration),
            Model = files.Model,
            Adapter = files.Adapter,
            MaxTokens = run.Sampler.MaxTokens,
            StopStrings = run.Sampler.StopStrings,
            Files = Files!.ToString(),
        };

    public void Publish(PolicySnapshot weights)
    {
        _weights[(weights.Epoch.Value, weights.Version.Value)] = weights.Path;
        foreach (string gone in _chunks.Keys.Where(path => !File.Exists(path)))
        {
            _chunks.TryRemove(gone, out _);
        }

        foreach ((long, long) key in _weights.Keys.Where(key => !File.Exists(_weights[key])).ToArray())
        {
            _weights.TryRemove(key, out _);
        }
    }

    /// <summary>The file of published weights; null if they are unknown.</summary>
    public string? WeightsPath(long epoch, long version) => _weights.GetValueOrDefault((epoch, version));

    /// <summary>The nodes from which a node should fetch weights before it turns to the core.</summary>
    public ImmutableArray<Uri> Sources(long epoch, long version, Uri? relay) =>
        WeightsPath(epoch, version) is null ? [] : _relays.Sources(epoch, version, relay);

    /// <summary>A file of the base model; null if there is none of that name.</summary>
    public string? ModelPath(string name) => files.PathOf(files.Model, name);

    /// <summary>A file of the adapter; null if there is none of that name.</summary>
    public string? AdapterPath(string name) => files.PathOf(files.Adapter, name);

    /// <summary>The hashes of a file's chunks, computed once.</summary>
    public Task<ChunkList> ChunksAsync(string path) =>
        _chunks.GetOrAdd(path, static name => new Lazy<Task<ChunkList>>(() => ChunkList.ComputeAsync(name))).Value;

    /// <summary>The core no longer runs here.</summary>
    public void Close() => ClusterAddress.Delete(run.Directory.Path);

    /// <summary>Stops the run after the update in progress.</summary>
    public void Stop() => run.Run.RequestStop();

    /// <summary>Asks a node to leave; false if no node has the name.</summary>
    public async Task<bool> DrainAsync(string node) =>
        _gateway is { } gateway && await gateway.Ask<bool>(new NodeGatewayActor.DrainNode(node), Answer).ConfigureAwait(false);

    public async Task<ClusterStatus> StatusAsync()
    {
        ImmutableArray<NodeStatus> nodes = _gateway is { } gateway
            ? await gateway.Ask<ImmutableArray<NodeStatus>>(NodeGatewayActor.ReportNodes.Instance, Answer).ConfigureAwait(false)
            : [];
        return ClusterStatus.Create(run, _system, nodes) with
        {
            Standbys = _standbys.Present,
            LongestLeaseGap = Election?.LongestGap.TotalSeconds,
        };
    }
}
