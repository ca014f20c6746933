using System.Collections.Immutable;
using Google.Protobuf.Collections;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>
/// Rollouts and verdicts on the wire. Log-probabilities and versions are one per token on both sides: a rollout that breaks
/// this is refused when it is written, and again when it is read.
/// </summary>
internal static class Rollouts
{
    public static Proto.Rollout ToProto(this Rollout rollout)
    {
        if (rollout.LogProbs.Length != rollout.Tokens.Length || rollout.Versions.Length != rollout.Tokens.Length)
        {
            throw new ArgumentException(
                $"rollout {rollout.Id} has {rollout.Tokens.Length} tokens, {rollout.LogProbs.Length} log-probabilities and "
                    + $"{rollout.Versions.Length} versions; there must be one of each per token",
                nameof(rollout)
            );
        }

        Proto.Rollout proto = new()
        {
            Id = rollout.Id.ToProto(),
            Finish = (Proto.FinishReason)rollout.Finish,
            Seed = rollout.Seed,
            Text = rollout.Text,
            PromptLength = rollout.PromptLength,
        };
        proto.Tokens.Put(rollout.Tokens);
        proto.LogProbs.Put(rollout.LogProbs);
        proto.Versions.PutRuns(rollout.Versions);
        proto.Demonstrations.Put(rollout.Demonstrations);
        proto.Context.Put(rollout.Context);
        return proto;
    }

    public static Rollout ToContract(this Proto.Rollout rollout)
    {
        RolloutId id = Fields.Required(rollout.Id).ToContract();
        if (rollout.LogProbs.Count != rollout.Tokens.Count)
        {
            throw new InvalidDataException(
                $"rollout {id} has {rollout.Tokens.Count} tokens and {rollout.LogProbs.Count} log-probabilities"
            );
        }

        return new()
        {
            Id = id,
            Tokens = rollout.Tokens.Get(),
            LogProbs = rollout.LogProbs.Get(),
            Versions = rollout.Versions.GetRuns(rollout.Tokens.Count),
            Finish = Fields.Known<FinishReason>((int)rollout.Finish),
            Seed = rollout.Seed,
            Text = rollout.Text,
            Demonstrations = rollout.Demonstrations.Get(),
            PromptLength = rollout.PromptLength,
            Context = rollout.Context.Get(),
        };
    }

    public static Proto.JudgedRollout ToProto(this JudgedRollout judged) =>
        new() { Rollout = judged.Rollout.ToProto(), Judgement = judged.Judgment.ToProto() };

    public static JudgedRollout ToContract(this Proto.JudgedRollout judged) =>
        new(Fields.Required(judged.Rollout).ToContract(), Fields.Required(judged.Judgement).ToContract());

    public static Proto.Judgement ToProto(this Judgment judgment)
    {
        Proto.Judgement proto = new() { Verdict = (Proto.Verdict)judgment.Verdict };
        if (judgment.Reward is { } reward)
        {
            proto.Reward = reward;
        }

        if (judgment.Extracted is { } extracted)
        {
            proto.Extracted = extracted;
        }

        if (judgment.Detail is { } detail)
        {
            proto.Detail = detail;
        }

        return proto;
    }

    public static Judgment ToContract(this Proto.Judgement judgment) =>
        new(
            Fields.Known<Verdict>((int)judgment.Verdict),
            judgment.HasReward ? judgment.Reward : null,
            judgment.HasExtracted ? judgment.Extracted : null,
            judgment.HasDetail ? judgment.Detail : null
        );

    private static void PutRuns(this RepeatedField<Proto.VersionRun> runs, ImmutableArray<long> versions)
    {
        Proto.VersionRun? run = null;
        foreach (long version in versions.AsSpan())
        {
            if (run is null || run.Version != version)
            {
                run = new() { Version = version };
                runs.Add(run);
            }

            run.Tokens++;
        }
    }

    private static ImmutableArray<long> GetRuns(this RepeatedField<Proto.VersionRun> runs, int tokens)
    {
        ImmutableArray<long>.Builder versions = ImmutableArray.CreateBuilder<long>(tokens);
        foreach (Proto.VersionRun run in runs)
        {
            if (run.Tokens <= 0 || run.Tokens > tokens - versions.Count)
            {
                throw new InvalidDataException(
                    $"a run of {run.Tokens} versions does not fit the {tokens - versions.Count} tokens that are left of {tokens}"
                );
            }

            for (int i = 0; i < run.Tokens; i++)
            {
                versions.Add(run.Version);
            }
        }

        return versions.Count == tokens
            ? versions.MoveToImmutable()
            : throw new InvalidDataException($"{versions.Count} versions for {tokens} tokens");
    }
}
