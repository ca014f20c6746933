using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Engines.Remote;

/// <summary>
/// Samples rollouts with an inference server. The log-probabilities of the server are recorded as those of the behavior policy. Before the
/// first request and after each change of weights, a few samples are scored with the same weights in this process: a server that uses
/// other weights, or computes something else, is not used. Sequences in flight end with the weights that they began with.
/// </summary>
internal sealed partial class RemoteEngine : IGenerationEngine
{
    /// <summary>How often a sequence is requested whose answers are wrong.</summary>
    private const int Attempts = 3;

    private readonly InferenceServerSettings _settings;
    private readonly IServerProtocol _protocol;
    private readonly ServerConnection _server;
    private readonly RemoteEngineParts _parts;
    private readonly ServerSamples _samples;
    private readonly SwapGate _gate = new();
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private bool _isChecked;
    private long _version;
    private long _steps;
    private readonly string _instance = Guid.NewGuid().ToString("N")[..8];
    private string _model;
    private Exception? _failure;
    private ServerWeightsFolder? _used;

    private sealed record ServerWeightsFolder(string Model, string Path);

    public RemoteEngine(InferenceServerSettings settings, Uri server, RemoteEngineParts parts)
    {
        (_settings, _parts, _model) = (settings, parts, settings.Model);
        _protocol = ServerProtocols.Create(settings.Protocol);
        _server = new ServerConnection(server, parts.Key, settings.Timeout);
        _samples = new ServerSamples(parts, server, settings.MaxMismatch);
        _slots = new SemaphoreSlim(parts.Slots);
    }

    public PolicyVersion Version => new(Volatile.Read(ref _version));

    public int Slots => _parts.Slots;

    public string? Note { get; private set; }

    /// <summary>Sequences that have been answered.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    public async IAsyncEnumerable<GeneratedSequence> GenerateAsync(
        GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        RequireSupported(request);
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<GeneratedSequence>[] siblings = [.. request.Seeds.Select((seed, sibling) => SampleAsync(request, seed, sibling, ended.Token))];
        try
        {
            await foreach (Task<GeneratedSequence> sequence in Task.WhenEach(siblings).ConfigureAwait(false))
            {
                yield return await sequence.ConfigureAwait(false);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(siblings)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _parts.Reference.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Checks the server before its first use.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isChecked))
        {
            return;
        }

        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isChecked)
            {
                return;
            }

            if (_model.Length == 0 && _protocol.NamesWeights)
            {
                _model = await FirstModelAsync(cancellationToken).ConfigureAwait(false);
            }

            await _samples
                .CheckAsync(
                    (prompt, seed, sampler, token) => AskAsync(prompt, seed, sampler, (_model, null), token),
                    snapshot: null,
                    cancellationToken
                )
                .ConfigureAwait(false);
            Volatile.Write(ref _isChecked, true);
        }
        finally
        {
            _preparing.Release();
        }
    }

    private async Task<string> FirstModelAsync(CancellationToken cancellationToken)
    {
        string models = await _server.GetAsync("v1/models", cancellationToken).ConfigureAwait(false);
        return JsonAnswers.Parse(models).Get("data", JsonValueKind.Array).First("data").Get("id", JsonValueKind.String).GetString()!;
    }

    private async Task<GeneratedSequence> SampleAsync(
        GenerationRequest request,
        ulong seed,
        int sibling,
        CancellationToken cancellationToken
    )
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (Volatile.Read(ref _failure) is { } failure)
                {
                    throw new IOException($"{_server.Server} is not used, because weights could not be loaded: {failure.Message}", failure);
                }

                return await SampleAsync(request, seed, sibling, Attempts, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _gate.Leave();
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Asks again for an answer that cannot be a sequence, so that it does not end the other siblings of its lease.</summary>
    private async Task<GeneratedSequence> SampleAsync(
        GenerationRequest request,
        ulong seed,
        int sibling,
        int attempts,
        CancellationToken cancellationToken
    )
    {
        SamplerSettings sampler = request.Sampler with { MaxTokens = MaxTokens(request) };
        var stops = new StopMatcher(_parts.Tokenizer, sampler with { StopTokens = StopTokens(sampler) });
        var limits = new AnswerLimits(sampler.MaxTokens, _parts.Reference.VocabularySize, stops);
        while (true)
        {
            try
            {
                ServerSequence answer = await AskAsync(request.Prompt, seed, sampler, (_model, _used?.Model), cancellationToken)
                    .ConfigureAwait(false);
                GeneratedSequence sequence = SampledAnswer.Take(answer, sibling, Version.Value, limits);
                Interlocked.Increment(ref _steps);
                return sequence;
            }
            catch (InvalidDataException wrong)
            {
                if (--attempts == 0)
                {
                    throw new InvalidDataException($"{_server.Server}: {wrong.Message}", wrong);
                }
            }
        }
    }

    private async Task<ServerSequence> AskAsync(
        ImmutableArray<int> prompt,
        ulong seed,
        SamplerSettings sampler,
        (string Model, string? Weights) with,
        CancellationToken cancellationToken
    )
    {
        var request = new SequenceRequest(prompt, seed, sampler, StopTokens(sampler), with.Model);
        string body = await _server.PostAsync(_protocol.GeneratePath, _protocol.Request(request), cancellationToken).ConfigureAwait(false);
        ServerSequence answer = _protocol.Read(JsonAnswers.Parse(body));
        return with.Weights is null || answer.Weights is null || answer.Weights == with.Weights
            ? answer
            : throw new InvalidDataException(
                $"The server samples with the weights {answer.Weights} instead of {with.Weights}: it was restarted, or others were loaded."
            );
    }

    private int MaxTokens(GenerationRequest request) =>
        Math.Min(request.Sampler.MaxTokens, _parts.Reference.Context - request.Prompt.Length);

    private ImmutableArray<int> StopTokens(SamplerSettings sampler) =>
        [.. sampler.StopTokens.Concat(_parts.Reference.EndTokens).Distinct()];

    /// <exception cref="ArgumentException">The request cannot be sampled.</exception>
    private void RequireSupported(GenerationRequest request)
    {
        if (request.Prompt.IsDefaultOrEmpty || request.Prompt.Length >= _parts.Reference.Context)
        {
            throw new ArgumentException(
                $"The prompt has {request.Prompt.Length} tokens; from 1 to {_parts.Reference.Context - 1} fit the context.",
                nameof(request)
            );
        }

        if (!request.Sampler.IsUntruncated || request.Sampler.Temperature <= 0 || request.Alternatives > 0)
        {
            throw new ArgumentException(
                "Inference servers sample from the whole distribution: set a temperature above 0, top-p = 1, top-k = 0 and min-p = 0, and "
                    + "request no alternatives.",
                nameof(request)
            );
        }
    }
}
