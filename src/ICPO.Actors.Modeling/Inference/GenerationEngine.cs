using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Samples from a decoder by continuous batching on a dedicated thread, which processes queued commands between two decode steps.
/// <para>
/// Each sequence draws from its own seed, and attention and norms are computed row by row. Only the matrix products see the whole batch,
/// and a library may round a row's product differently in a batch of another size. In a shared batch log-probabilities therefore agree
/// to about 1e-5, and tokens are equal unless that rounding changes a draw. An isolated engine decodes one request at a time: its tokens
/// and log-probabilities depend only on weights, prompt and seeds, bit for bit on one machine.
/// </para>
/// </summary>
public sealed partial class GenerationEngine : IGenerationEngine
{
    /// <summary>How long an idle engine waits for a command before it checks for cancellation, in ms.</summary>
    private const int IdleWait = 1000;
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<Command> _commands = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DecodeSession _session;
    private readonly WeightSets _weights;
    private readonly SemaphoreSlim _swaps = new(1, 1);
    private readonly RunningBatch _batch;
    private readonly string _name;
    private readonly int _threads;
    private readonly InFlightMode _inFlight;
    private readonly Queue<SwapCommand> _held = [];
    private bool _halved;
    private long _version;
    private int _requests;
    private Exception? _reason;

    /// <summary>An engine with its own copy of the weights.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Every parameter by its Hugging Face name; copied, cast to the options' dtype.</param>
    /// <param name="tokenizer">Decodes text for stop strings.</param>
    /// <param name="settings">Slots, context, threads.</param>
    /// <param name="options">Name, version, device and dtype.</param>
    /// <exception cref="InvalidDataException">A weight is missing or of another shape.</exception>
    public GenerationEngine(
        DecoderConfig config,
        IReadOnlyDictionary<string, Tensor> weights,
        ITokenizer tokenizer,
        EngineSettings settings,
        EngineOptions options
    )
        : this(
            DecodeSession.Open(config, session => session.Weights.Load(weights, $"engine {options.Name}"), settings, options),
            tokenizer,
            settings,
            options
        ) { }

    /// <summary>An engine on a session that holds its weights; the engine disposes it.</summary>
    internal GenerationEngine(
        DecodeSession session,
        ITokenizer tokenizer,
        EngineSettings settings,
        EngineOptions options,
        WeightSets? weights = null
    )
    {
        (_session, _name, _threads) = (session, options.Name, settings.Threads);
        _weights = weights ?? new WeightSets(session, null, settings);
        _batch = new RunningBatch(_session, tokenizer, settings.Slots, options.IsolateRequests, settings.EndTokens, settings.Threads);
        _inFlight = settings.InFlight;
        _batch.Swapped(options.Version, recompute: false);
        _version = options.Version.Value;
        new Thread(Run) { Name = options.Name, IsBackground = true }.Start();
    }

    /// <summary>
    /// An engine of a base model, read from its files directly into the engine's layout. It owns the files and keeps them open: a learner
    /// may publish an adapter of them.
    /// </summary>
    /// <exception cref="InvalidDataException">The weights are missing or malformed; names the file and the tensor.</exception>
    internal static GenerationEngine Create(ModelFiles files, ITokenizer tokenizer, EngineSettings settings, EngineOptions options)
    {
        try
        {
            WeightSets? weights = null;
            var session = DecodeSession.Open(
                files.Config,
                session =>
                {
                    weights = new WeightSets(session, files, settings);
                    weights.LoadBase();
                },
                settings,
                options
            );
            return new GenerationEngine(session, tokenizer, settings, options, weights);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>A float32 engine on the CPU with a copy of the decoder's weights.</summary>
    public static GenerationEngine Create(Decoder decoder, ITokenizer tokenizer, EngineSettings settings, string name) =>
        new(
            decoder.Config,
            decoder.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter),
            tokenizer,
            settings,
            new EngineOptions(name)
        );

    public PolicyVersion Version => new(Volatile.Read(ref _version));

    /// <summary>Sequences in flight at once: the settings' slots, or half of them after an out-of-memory error.</summary>
    public int Slots => _batch.Limit;

    public long Steps => _batch.Steps;

    /// <summary>True once the engine has been disposed or has failed; every further request fails.</summary>
    public bool HasEnded => Volatile.Read(ref _reason) is not null;

    /// <inheritdoc/>
    public string? Note =>
        _weights.HasMemory ? null : $"{_name} has no memory for a second set of weights: it pauses while it loads new ones";

    public async Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        await EngineInputs.CheckAsync(snapshot, $"Engine {_name} keeps {Version}.", cancellationToken).ConfigureAwait(false);
        await _swaps.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool isBeside = Volatile.Read(ref _requests) > 0 && _weights.LoadsBeside;
            WeightSets.Loaded? loaded = isBeside ? await _weights.LoadAsync(snapshot.Path).ConfigureAwait(false) : null;
            var swap = new SwapCommand(snapshot, loaded, cancellationToken);
            Send(swap);
            await swap.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _swaps.Release();
        }
    }

    /// <summary>Ends the thread after its current step; open requests fail with <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="TimeoutException">The thread did not end within a minute.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ended.Task.WaitAsync(EndDeadline).ConfigureAwait(false);
    }

    private void Send(Command command)
    {
        try
        {
            _commands.Add(command);
        }
        catch (InvalidOperationException)
        {
            ThrowIfEnded();
            throw;
        }
    }

    private void ThrowIfEnded()
    {
        if (Volatile.Read(ref _reason) is { } reason)
        {
            ExceptionDispatchInfo.Throw(reason);
        }
    }
}
