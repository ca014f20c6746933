using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Samples from a decoder by continuous batching on a thread of its own: callers leave commands, the thread takes them between two decode
/// steps.
/// <para>
/// How far a sequence is independent of its company: its draws come from its own seed, and each row's attention and norms are computed
/// alone. Only the matrix products see the whole batch, and a library may round a row's product differently in a batch of another size. So
/// in
/// a shared batch log-probabilities agree to about 1e-5, and tokens are equal except where that rounding flips a draw. An isolated engine
/// decodes one request at a time:
/// there tokens and log-probabilities depend on weights, prompt and seeds alone, bit for bit on one machine.
/// </para>
/// </summary>
public sealed class GenerationEngine : IGenerationEngine
{
    /// <summary>How long an idle engine waits for a command before it looks around, in ms.</summary>
    private const int IdleWait = 1000;

    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<Command> _commands = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DecodeSession _session;
    private readonly EngineWeights _weights;
    private readonly RunningBatch _batch;
    private readonly string _name;
    private readonly int _threads;
    private bool _halved;
    private long _version;
    private Exception? _reason;

    /// <summary>An engine with its own copy of the weights.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Every parameter by its Hugging Face name; copied, cast to <paramref name="dtype"/>.</param>
    /// <param name="tokenizer">Decodes text for stop strings.</param>
    /// <param name="settings">Slots, context, threads.</param>
    /// <param name="name">Names the thread, and the engine in errors.</param>
    /// <param name="version">The version of <paramref name="weights"/>.</param>
    /// <param name="isolateRequests">Decode one request at a time.</param>
    /// <param name="device">Where to compute; null is the CPU.</param>
    /// <param name="dtype">float32 or bfloat16.</param>
    /// <exception cref="InvalidDataException">A weight is missing or of another shape.</exception>
    public GenerationEngine(
        DecoderConfig config,
        IReadOnlyDictionary<string, Tensor> weights,
        ITokenizer tokenizer,
        EngineSettings settings,
        string name,
        PolicyVersion version = default,
        bool isolateRequests = false,
        Device? device = null,
        ScalarType dtype = ScalarType.Float32
    )
        : this(
            Prepare(config, session => session.Weights.Load(weights, $"engine {name}"), settings, device, dtype),
            tokenizer,
            settings,
            name,
            version,
            isolateRequests
        ) { }

    /// <summary>An engine on a session that holds its weights; the engine's from now on.</summary>
    internal GenerationEngine(
        DecodeSession session,
        ITokenizer tokenizer,
        EngineSettings settings,
        string name,
        PolicyVersion version = default,
        bool isolateRequests = false,
        EngineWeights? weights = null
    )
    {
        (_session, _name, _threads) = (session, name, settings.Threads);
        _weights = weights ?? new EngineWeights(session.Weights, null);
        _batch = new RunningBatch(_session, tokenizer, settings.Slots, isolateRequests, settings.EndTokens, settings.Threads);
        _batch.Swapped(version);
        _version = version.Value;
        new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    private static DecodeSession Prepare(
        DecoderConfig config,
        Action<DecodeSession> load,
        EngineSettings settings,
        Device? device,
        ScalarType dtype
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Slots, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(settings.Context);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.Context, config.MaxPositionEmbeddings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Threads, 1);
        TorchRuntime.EnsureLoaded();
        int context = settings.Context == 0 ? config.MaxPositionEmbeddings : settings.Context;
        var session = DecodeSession.Create(config, settings.Slots + 1, context, device ?? CPU, dtype);
        try
        {
            load(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// An engine of a base model, read from its files (owned) straight into the engine's layout. It keeps them open: what a learner
    /// publishes may be an adapter of them.
    /// </summary>
    /// <exception cref="InvalidDataException">The weights are missing or malformed; names the file and the tensor.</exception>
    internal static GenerationEngine Of(
        ModelFiles files,
        ITokenizer tokenizer,
        EngineSettings settings,
        string name,
        bool isolateRequests,
        Device device,
        ScalarType dtype
    )
    {
        try
        {
            EngineWeights? weights = null;
            DecodeSession session = Prepare(
                files.Config,
                session =>
                {
                    weights = new EngineWeights(session.Weights, files);
                    weights.LoadBase();
                },
                settings,
                device,
                dtype
            );
            return new GenerationEngine(session, tokenizer, settings, name, PolicyVersion.Base, isolateRequests, weights);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>A float32 engine on the CPU with a copy of the decoder's weights.</summary>
    public static GenerationEngine Of(Decoder decoder, ITokenizer tokenizer, EngineSettings settings, string name) =>
        new(
            decoder.Config,
            decoder.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter),
            tokenizer,
            settings,
            name
        );

    public PolicyVersion Version => new(Volatile.Read(ref _version));

    /// <summary>Sequences in flight at once: the settings', or half of them once memory was short.</summary>
    public int Slots => _batch.Limit;

    public IAsyncEnumerable<GeneratedSequence> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        EngineInputs.Check(request, _session.Context, _session.VocabularySize);
        return StreamAsync(request, cancellationToken);
    }

    public async Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        await EngineInputs.CheckAsync(snapshot, $"Engine {_name} keeps {Version}.", cancellationToken).ConfigureAwait(false);
        var swap = new SwapCommand(snapshot, cancellationToken);
        Send(swap);
        await swap.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the thread after the step it is in; open requests end in <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="TimeoutException">The thread did not end within a minute.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ended.Task.WaitAsync(EndDeadline).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<GeneratedSequence> StreamAsync(
        GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Seeds.IsEmpty)
        {
            yield break;
        }

        var open = new OpenRequest(request);
        Send(new OpenCommand(open));
        try
        {
            await foreach (GeneratedSequence sequence in open.Results.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return sequence;
            }
        }
        finally
        {
            open.Abandon();
        }
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

    /// <summary>
    /// The thread: commands, a step, commands, … Whatever goes wrong here ends the engine and every open request with it.
    /// </summary>
    private void Run()
    {
        Exception reason;
        try
        {
            set_num_threads(_threads);
            using IDisposable inference = inference_mode();
            while (!_stop.IsCancellationRequested)
            {
                Obey();
                using DisposeScope scope = NewDisposeScope();
                Step();
            }

            reason = new ObjectDisposedException(_name, "The generation engine was disposed.");
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            reason = new ObjectDisposedException(_name, "The generation engine was disposed.");
        }
        catch (Exception e)
        {
            reason = e;
        }

        Volatile.Write(ref _reason, reason);
        _commands.CompleteAdding();
        _batch.Fail(reason);
        while (_commands.TryTake(out Command? command))
        {
            command.Fail(reason);
        }

        _session.Dispose();
        _weights.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>A step; where memory is short, half the batch is tried once, from the beginning of each sequence.</summary>
    private void Step()
    {
        try
        {
            _batch.Step();
        }
        catch (Exception e) when (IsOutOfMemory(e) && !_halved)
        {
            _halved = true;
            _batch.Halve();
        }
        catch (Exception e) when (IsOutOfMemory(e))
        {
            throw new InsufficientMemoryException(
                $"Engine {_name} ran out of memory, and again with {Slots} sequences in flight, half as many; lower engine.slots or engine.context ({e.Message.Split('\n')[0]})",
                e
            );
        }
    }

    /// <summary>libtorch tells by its message alone.</summary>
    private static bool IsOutOfMemory(Exception e) =>
        e is OutOfMemoryException
        || (
            e is ExternalException
            && (
                e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
                || e.Message.Contains("can't allocate memory", StringComparison.Ordinal)
            )
        );

    private void Obey()
    {
        while (_commands.TryTake(out Command? command, _batch.IsIdle ? IdleWait : 0, _stop.Token))
        {
            switch (command)
            {
                case OpenCommand open:
                    _batch.Enqueue(open.Request);
                    break;
                case SwapCommand swap:
                    Swap(swap);
                    break;
            }
        }
    }

    private void Swap(SwapCommand swap)
    {
        try
        {
            if (swap.IsCancelled)
            {
                return;
            }

            using DisposeScope scope = NewDisposeScope();
            _weights.Take(swap.Snapshot.Path);
        }
        catch (Exception e)
        {
            swap.Fail(e);
            if (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                return;
            }

            throw;
        }

        Volatile.Write(ref _version, swap.Snapshot.Version.Value);
        _batch.Swapped(swap.Snapshot.Version);
        swap.Complete();
    }
}
