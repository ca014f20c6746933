using System.Collections.Immutable;
using ICPO.Actors.Cluster.Files;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Cluster.Telemetry;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Engines;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Nodes;
using ICPO.Actors.Runs;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.Actors.Verification;

namespace ICPO.Actors.Cluster.Nodes;

/// <summary>Creates the parts of a node from the run's description: its settings, its model and its verifier.</summary>
internal sealed class NodePreparation(
    NodeConfiguration node,
    ClusterIdentity? identity,
    ComputeParts compute,
    NodeState state,
    Action<string> report
)
{
    /// <summary>Creates the parts of a node; fetches the model if it is not on this machine.</summary>
    /// <param name="description">The run's description.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="transport">The transport to the core.</param>
    /// <param name="cancellationToken">Cancels fetching.</param>
    /// <exception cref="IOException">The model cannot be fetched, or the engines need more memory than the machine has.</exception>
    /// <exception cref="ArgumentException">A setting of the node is incompatible with the run.</exception>
    public async Task<NodeParts> CreateAsync(
        RunDescription description,
        string name,
        INodeTransport transport,
        CancellationToken cancellationToken
    )
    {
        IcpoConfiguration configuration = node.Apply(description.Configuration);
        string directory = node.Directory;
        HttpClient client = CreateClient();
        var files = new Uri(description.Files);
        configuration = await WithModelAsync(
                configuration,
                description,
                new ModelCache(directory, files, new FileDownload(client)),
                cancellationToken
            )
            .ConfigureAwait(false);
        RunSettings settings = configuration.Settings;
        CheckMemory(settings);
        PolicyBackend backend = settings.OpenModel();
        var weights = new WeightsCache(Path.Combine(directory, "weights", $"{description.Run}-{Environment.ProcessId}"), files, client);
        var meter = new NodeMeter(description.Run, name);
        IVerifier verifier = RunVerifiers.Create(settings.Verification, description.StopStrings, report);
        if (verifier is IAsyncDisposable disposable)
        {
            compute.Keep(disposable);
        }

        ImmutableArray<NodeRole> roles = Roles(settings.Cluster);
        if (roles.Contains(NodeRole.Verifier))
        {
            (verifier as IStartCheck)?.RequireStartable();
        }

        bool samples = roles.Any(role => role != NodeRole.Verifier);
        if (samples && settings.Cluster.RelaysWeights)
        {
            RelayServer relay = await RelayServer.StartAsync(settings.Cluster, identity, weights, cancellationToken).ConfigureAwait(false);
            weights.RelayAt(compute.Keep(relay).Address);
        }

        return new NodeParts
        {
            Name = name,
            Roles = roles,
            Device = settings.Model.Device,
            Engines = samples ? settings.EngineCount : 0,
            CreateEngine = index => Engine(new EngineContext(settings, backend, index, settings.IsSynchronous), weights, meter),
            EndEngine = engine => compute.EndAsync(engine),
            Tokenizer = backend.Tokenizer,
            Sampler = Sampler(settings, description),
            Verifier = verifier,
            VerifierTimeout = settings.Verification.Timeout,
            VerifierParallel = verifier.Concurrency
                ?? (settings.Verification.Parallel > 0 ? settings.Verification.Parallel : Environment.ProcessorCount),
            Transport = transport,
            Welcomed = welcome =>
            {
                if (welcome.Files.Length > 0)
                {
                    weights.Move(new Uri(welcome.Files));
                }
            },
        };
    }

    /// <summary>
    /// A node whose memory is insufficient for its engines ends before it loads them, unless the run's memory check only warns.
    /// </summary>
    private void CheckMemory(RunSettings settings)
    {
        bool samples = Roles(settings.Cluster).Any(role => role != NodeRole.Verifier);
        if (samples && NodeMemoryCheck.Problem(settings, MachineMemory.Read()) is { } problem)
        {
            report(settings.ChecksMemory ? throw new IOException(problem) : problem);
        }
    }

    private MeteredEngine Engine(EngineContext context, WeightsCache weights, NodeMeter meter) =>
        compute.Keep(new MeteredEngine(new FetchingEngine(EngineRegistry.Create(context), weights), meter, state.Loaded));

    private static SamplerSettings Sampler(RunSettings settings, RunDescription description) =>
        settings.Sampler with
        {
            MaxTokens = description.MaxTokens,
            StopStrings = description.StopStrings,
        };

    private static ImmutableArray<NodeRole> Roles(ClusterSettings settings) =>
        [.. settings.Roles.Where(role => role != ClusterRole.Learner).Select(role => Enum.Parse<NodeRole>(role.ToString()))];

    private async Task<IcpoConfiguration> WithModelAsync(
        IcpoConfiguration configuration,
        RunDescription description,
        ModelCache models,
        CancellationToken cancellationToken
    )
    {
        if (description.Model.IsEmpty)
        {
            return configuration;
        }

        ModelSettings named = configuration.Settings.Model;
        string model = await models
            .GetAsync(description.Model, "model", [named.Path, BundledModel.Path], cancellationToken)
            .ConfigureAwait(false);
        report($"model: {model}");
        string adapter = description.Adapter.IsEmpty
            ? ""
            : await models.GetAsync(description.Adapter, "adapter", [named.Adapter, named.Path], cancellationToken).ConfigureAwait(false);
        return configuration.With(KeyValuePair.Create("model.path", model), KeyValuePair.Create("model.adapter", adapter));
    }

    private HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (identity is not null)
        {
            handler.SslOptions = identity.Client;
        }

        return compute.Keep(new OwnedClient(new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(30) })).Client;
    }

    /// <summary>A client that ends with the node.</summary>
    private sealed class OwnedClient(HttpClient client) : IAsyncDisposable
    {
        public HttpClient Client => client;

        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
