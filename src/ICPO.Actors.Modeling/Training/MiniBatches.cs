using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Modeling.Training;

/// <summary>From a batch to the sequences of each optimizer step.</summary>
internal static class MiniBatches
{
    /// <summary>The batch's sequences that have a response.</summary>
    /// <param name="from">The version that the learner holds.</param>
    /// <param name="vocabulary">Ids below it are tokens.</param>
    /// <exception cref="ArgumentException">The batch is of another version, empty, or a sequence's arrays do not fit each
    /// other.</exception>
    public static TrainingSequence[] Check(TrainingBatch batch, PolicyVersion from, int vocabulary)
    {
        if (batch.From != from)
        {
            throw new ArgumentException($"The batch is for {batch.From} but the learner holds {from}.", nameof(batch));
        }

        foreach (TrainingSequence s in batch.Sequences)
        {
            if (s.Prompt.IsEmpty || s.BehaviorLogProbs.Length != s.Response.Length || s.Versions.Length != s.Response.Length)
            {
                throw new ArgumentException(
                    $"Rollout {s.Id} has a prompt of {s.Prompt.Length} and a response of {s.Response.Length} tokens with "
                        + $"{s.BehaviorLogProbs.Length} log-probabilities and {s.Versions.Length} versions.",
                    nameof(batch)
                );
            }

            if (s.Prompt.Concat(s.TeacherPrompt).Concat(s.Response).Any(token => token < 0 || token >= vocabulary))
            {
                throw new ArgumentException(
                    $"Rollout {s.Id} has a token outside the model's vocabulary of {vocabulary}; its tokenizer is another model's.",
                    nameof(batch)
                );
            }
        }

        TrainingSequence[] sequences = [.. batch.Sequences.Where(s => s.Response.Length > 0)];
        return sequences.Length > 0 ? sequences : throw new ArgumentException("The batch has no response token.", nameof(batch));
    }

    /// <summary>Cuts into parts of nearly equally many groups, in the batch's order.</summary>
    /// <param name="parts">Number of parts; at most one per group is returned.</param>
    public static List<TrainingSequence[]> Cut(TrainingSequence[] sequences, int parts)
    {
        IGrouping<GroupId, TrainingSequence>[] groups = [.. sequences.GroupBy(s => s.Id.Group)];
        int count = Math.Min(parts, groups.Length);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => groups[(i * groups.Length / count)..((i + 1) * groups.Length / count)].SelectMany(group => group).ToArray()),
        ];
    }
}
