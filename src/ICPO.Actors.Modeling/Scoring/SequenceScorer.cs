using System.Collections.Immutable;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Scoring;

/// <summary>Log-probabilities of given tokens under a model, in float32 on the CPU. Not thread-safe.</summary>
public sealed class SequenceScorer : IDisposable
{
    /// <summary>Positions whose logits are held at once.</summary>
    private const int Chunk = 256;

    private readonly Decoder _decoder;

    private SequenceScorer(Decoder decoder, PolicyTokenizer? tokenizer) => (_decoder, Tokenizer) = (decoder, tokenizer);

    /// <summary>The model's; null if its directory has none.</summary>
    public PolicyTokenizer? Tokenizer { get; }

    /// <summary>What to know about the model, one sentence each.</summary>
    public ImmutableArray<string> Notes { get; private init; } = [];

    public int VocabularySize => _decoder.Config.VocabSize;

    /// <param name="model">A path for <see cref="ModelSource.Open"/>.</param>
    /// <param name="rule">The special tokens around texts.</param>
    /// <exception cref="ArgumentException">The rule does not fit the model.</exception>
    /// <exception cref="InvalidDataException">The model cannot be read; names the file.</exception>
    public static SequenceScorer Load(string model, SpecialTokenRule rule = SpecialTokenRule.Auto)
    {
        TorchRuntime.EnsureLoaded();
        var source = ModelSource.Open(model);
        bool hasNone = Directory.Exists(source.Path) && !File.Exists(Path.Combine(source.Path, TokenizerJson.FileName));
        PolicyTokenizer? tokenizer = hasNone ? null : PolicyTokenizer.Create(source.LoadTokenizer(), rule, source.Special);
        return new(source.Load(dtype: ScalarType.Float32), tokenizer)
        {
            Notes = [.. source.Notes(), .. tokenizer?.Note is { } note ? [note] : Array.Empty<string>()],
        };
    }

    /// <summary>log p of every token but the first given those before it, in nats: n ids → n − 1 values.</summary>
    /// <exception cref="ArgumentException">There is no token, one is outside of the vocabulary, or there are more than the model's context
    /// holds.</exception>
    public float[] Score(ReadOnlySpan<int> ids)
    {
        if (ids.IsEmpty || ids.Length > _decoder.Config.MaxPositionEmbeddings)
        {
            throw new ArgumentException(
                $"{ids.Length} tokens are given; from 1 to the model's {_decoder.Config.MaxPositionEmbeddings} can be scored.",
                nameof(ids)
            );
        }

        foreach (int id in ids)
        {
            if (id < 0 || id >= VocabularySize)
            {
                throw new ArgumentException($"token {id} is outside of the model's vocabulary of {VocabularySize}.", nameof(ids));
            }
        }

        using NativeCalls.Scope call = NativeCalls.Begin();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        Tensor tokens = tensor(ids.ToArray().Select(id => (long)id).ToArray()).unsqueeze(0); // [1, n]
        Tensor hidden = _decoder.Hidden(tokens).squeeze(0); // [n, d]
        float[] scores = new float[ids.Length - 1];
        for (int start = 0; start < scores.Length; start += Chunk)
        {
            int length = Math.Min(Chunk, scores.Length - start);
            using DisposeScope part = NewDisposeScope();
            Tensor logits = _decoder.Logits(hidden.narrow(0, start, length)); // [c, V]
            LogProbabilities
                .FromLogits(logits, tokens.squeeze(0).narrow(0, start + 1, length))
                .LogProbs.data<float>()
                .CopyTo(scores, start);
        }

        return scores;
    }

    public void Dispose() => _decoder.Dispose();
}
