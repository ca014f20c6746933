using System.Runtime.ExceptionServices;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Draws the next tokens of a batch, on several threads where there are many logits; the result does not depend on the threads.
/// </summary>
/// <param name="vocabularySize">Logits of a sequence.</param>
/// <param name="threads">Threads that draw concurrently.</param>
internal sealed class BatchSampler(int vocabularySize, int threads)
{
    /// <summary>Parallel.For costs some microseconds, so fewer logits are drawn on one thread.</summary>
    private const int Many = 1 << 18;

    private readonly Sampler[] _samplers = [.. Enumerable.Range(0, threads).Select(_ => new Sampler(vocabularySize))];
    private SampledToken[] _drawn = [];

    /// <summary>Draws one sequence's next token.</summary>
    /// <param name="sequence">The sequence, whose random stream is used.</param>
    /// <param name="logits">[vocabulary].</param>
    public SampledToken Draw(ActiveSequence sequence, ReadOnlySpan<float> logits) => sequence.Draw(logits, _samplers[0]);

    /// <summary>Draws the next token of each sequence.</summary>
    /// <param name="sequences">n sequences.</param>
    /// <param name="logits">[n, vocabulary].</param>
    /// <returns>[n], valid until the next call.</returns>
    /// <exception cref="ArithmeticException">As <see cref="Sampler.Sample"/>.</exception>
    public unsafe ReadOnlySpan<SampledToken> Draw(List<ActiveSequence> sequences, ReadOnlySpan<float> logits)
    {
        int count = sequences.Count,
            workers = logits.Length < Many ? 1 : Math.Min(_samplers.Length, count);
        _drawn = _drawn.Length >= count ? _drawn : new SampledToken[count];
        fixed (float* pinned = logits)
        {
            float* rows = pinned; // a pinned local cannot be captured
            if (workers == 1)
            {
                Work(0);
            }
            else
            {
                Share(workers, Work);
            }

            void Work(int worker)
            {
                for (int at = worker; at < count; at += workers)
                {
                    _drawn[at] = sequences[at]
                        .Draw(new ReadOnlySpan<float>(rows + ((nint)at * vocabularySize), vocabularySize), _samplers[worker]);
                }
            }
        }

        return _drawn.AsSpan(0, count);
    }

    private static void Share(int workers, Action<int> work)
    {
        try
        {
            Parallel.For(0, workers, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
