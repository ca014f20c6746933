using System.Collections.Immutable;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Rollouts;

/// <summary>Samples the rollouts of a lease on an engine.</summary>
public sealed class LeaseRunner(IGenerationEngine engine, ITokenizer tokenizer, ITask task, SamplerSettings sampler)
{
    /// <summary>Sequences that the engine runs at once.</summary>
    public int Slots => engine.Slots;

    public PolicyVersion Version => engine.Version;

    /// <summary>
    /// Samples every sibling of the lease and passes each to <paramref name="emit"/> when it has ended. A cancelled one is dropped: it is
    /// only the start of a rollout, but would be judged and trained on as if the policy had stopped there.
    /// </summary>
    public async Task RunAsync(RolloutLease lease, Action<Rollout> emit, CancellationToken cancellationToken)
    {
        ImmutableArray<int> prompt = lease.Demonstrations.IsEmpty
            ? lease.Group.Prompt
            : [.. tokenizer.EncodePrompt(task.Prompt(lease.Group.Question.Text, lease.Demonstrations), task.UsesChatTemplate)];
        var request = new GenerationRequest(prompt, lease.Seeds, sampler);
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (sequence.Finish == FinishReason.Cancelled)
            {
                continue;
            }

            emit(
                new Rollout
                {
                    Id = new RolloutId(lease.Group.Id, lease.Origin, lease.FirstSibling + sequence.Sibling),
                    Tokens = sequence.Tokens,
                    LogProbs = sequence.LogProbs,
                    Versions = sequence.Versions,
                    Finish = sequence.Finish,
                    Seed = lease.Seeds[sequence.Sibling],
                    Text = tokenizer.Decode(sequence.Tokens.AsSpan()),
                    Demonstrations = [.. lease.Demonstrations.Select(demonstration => demonstration.Id)],
                    PromptLength = prompt.Length,
                }
            );
        }
    }

    /// <summary>
    /// The demonstration of a trace lease as a rollout: nothing is sampled, and the behavior probability is 1.
    /// </summary>
    public Rollout Trace(RolloutLease lease)
    {
        Demonstration demonstration = lease.Demonstrations[0];
        string response = task.Response(demonstration);
        int[] tokens = tokenizer.Encode(response);
        return new Rollout
        {
            Id = new RolloutId(lease.Group.Id, lease.Origin, lease.FirstSibling),
            Tokens = [.. tokens],
            LogProbs = [.. new float[tokens.Length]],
            Versions = [.. Enumerable.Repeat(engine.Version.Value, tokens.Length)],
            Finish = FinishReason.Stop,
            Seed = lease.Seeds[0],
            Text = response,
            Demonstrations = [demonstration.Id],
            PromptLength = lease.Group.Prompt.Length,
        };
    }
}
