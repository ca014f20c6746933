using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>The log-probabilities that an engine of this process would record, for tokens that another engine has sampled.</summary>
internal sealed class ReferencePolicy : IReferencePolicy
{
    private readonly ModelSource _source;
    private readonly DecodeSession _session;
    private readonly EngineWeights _weights;
    private readonly TorchThread _thread;
    private readonly int _tokens;

    /// <param name="source">The base model.</param>
    /// <param name="settings">The settings of an engine of this process.</param>
    /// <param name="options">Device and dtype of an engine of this process.</param>
    /// <param name="tokens">Maximum length of prompt and response of a check.</param>
    public ReferencePolicy(ModelSource source, EngineSettings settings, EngineOptions options, int tokens)
    {
        (_source, _tokens) = (source, Math.Min(tokens, source.Config.MaxPositionEmbeddings));
        Context = settings.Context > 0 ? settings.Context : source.Config.MaxPositionEmbeddings;
        EndTokens = settings.EndTokens;
        ModelFiles files = source.OpenFiles();
        EngineWeights? weights = null;
        _session = DecodeSession.Open(
            source.Config,
            session =>
            {
                weights = new EngineWeights(session.Weights, files);
                weights.LoadBase();
            },
            settings with
            {
                Slots = _tokens,
                Context = _tokens,
            },
            options
        );
        _weights = weights!;
        _thread = new TorchThread("reference", settings.Threads);
    }

    public int VocabularySize => _session.VocabularySize;

    public int Context { get; }

    public ImmutableArray<int> EndTokens { get; }

    public async Task LoadAsync(PolicySnapshot snapshot)
    {
        await EngineInputs.CheckAsync(snapshot, "The reference keeps its weights.", CancellationToken.None).ConfigureAwait(false);
        await _thread
            .RunAsync(() =>
            {
                using DisposeScope scope = NewDisposeScope();
                using IDisposable inference = inference_mode();
                _weights.Take(snapshot.Path);
                return true;
            })
            .ConfigureAwait(false);
    }

    public Task<ImmutableArray<double>> ScoreAsync(ImmutableArray<int> prompt, ImmutableArray<int> response, double temperature)
    {
        if (prompt.IsEmpty || response.IsEmpty || prompt.Length + response.Length > _tokens)
        {
            throw new ArgumentException(
                $"A prompt of {prompt.Length} tokens and a response of {response.Length} cannot be scored; at most {_tokens} can.",
                nameof(response)
            );
        }

        return _thread.RunAsync(() => Score(prompt, response, temperature));
    }

    public async Task SaveAsync(PolicySnapshot snapshot, string directory)
    {
        await EngineInputs.CheckAsync(snapshot, "It is not given to a server.", CancellationToken.None).ConfigureAwait(false);
        await Task.Run(() => PublishedModel.Save(_source, snapshot, directory)).ConfigureAwait(false);
    }

    /// <summary>Waits for calls in progress.</summary>
    public async ValueTask DisposeAsync()
    {
        await _thread.DisposeAsync().ConfigureAwait(false);
        using NativeCalls.Scope call = NativeCalls.Begin();
        _session.Dispose();
        _weights.Dispose();
    }

    private ImmutableArray<double> Score(ImmutableArray<int> prompt, ImmutableArray<int> response, double temperature)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        Row[] rows = [.. prompt.Concat(response).SkipLast(1).Select((token, position) => new Row(token, 0, position))];
        int[] wanted = [.. Enumerable.Range(prompt.Length - 1, response.Length)];
        ReadOnlySpan<float> logits = _session.Forward(rows, wanted);
        double[] scores = new double[response.Length];
        for (int at = 0; at < scores.Length; at++)
        {
            scores[at] = LogProb(logits.Slice(at * VocabularySize, VocabularySize), response[at], temperature);
        }

        return [.. scores];
    }

    private static double LogProb(ReadOnlySpan<float> logits, int token, double temperature)
    {
        double max = double.NegativeInfinity,
            total = 0;
        foreach (float logit in logits)
        {
            max = Math.Max(max, logit);
        }

        foreach (float logit in logits)
        {
            total += Math.Exp((logit - max) / temperature);
        }

        return ((logits[token] - max) / temperature) - Math.Log(total);
    }
}
