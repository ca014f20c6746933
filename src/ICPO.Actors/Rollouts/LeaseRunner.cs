using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tracing;

namespace ICPO.Actors.Rollouts;

/// <summary>Samples the rollouts of a lease on an engine.</summary>
public sealed class LeaseRunner(IGenerationEngine engine, ITokenizer tokenizer, SamplerSettings sampler)
{
    /// <summary>Sequences that the engine runs at once.</summary>
    public int Slots => engine.Slots;

    public PolicyVersion Version => engine.Version;

    /// <inheritdoc cref="IGenerationEngine.Steps"/>
    public long Steps => engine.Steps;

    /// <summary>
    /// Samples every sibling of the lease and passes each to <paramref name="emit"/> when it has ended. A cancelled one is dropped: it is
    /// only the start of a rollout, but would be judged and trained on as if the policy had stopped there.
    /// </summary>
    public async Task RunAsync(RolloutLease lease, Action<Rollout> emit, CancellationToken cancellationToken)
    {
        DateTimeOffset start = lease.Trace is null ? default : TimeProvider.System.GetUtcNow();
        var request = new GenerationRequest(lease.Prompt, lease.Seeds, sampler);
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (sequence.Finish == FinishReason.Cancelled)
            {
                continue;
            }

            var rollout = new Rollout
            {
                Id = new RolloutId(lease.Id.Group, lease.Id.Origin, lease.Siblings[sequence.Sibling]),
                Tokens = sequence.Tokens,
                LogProbs = sequence.LogProbs,
                Versions = sequence.Versions,
                Finish = sequence.Finish,
                Seed = lease.Seeds[sequence.Sibling],
                Text = tokenizer.Decode(sequence.Tokens.AsSpan()),
                PromptLength = lease.Prompt.Length,
            };
            WorkerSpans.Sampled(lease.Trace, start, rollout);
            emit(rollout);
        }
    }
}
