using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Contracts.Verification;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Benchmarks;

/// <summary>
/// Sizes of the messages that a rollout causes between core and nodes, without the envelopes of the transport: token ids of a vocabulary of
/// 150,000, four characters of text per token.
/// </summary>
internal static class MessageSizes
{
    private const int Vocabulary = 150_000;
    private const int CharactersPerToken = 4;
    private const int PromptTokens = 200;
    private const int Siblings = 8;

    public static async IAsyncEnumerable<Measurement> MeasureAsync()
    {
        await Task.CompletedTask;
        foreach (int tokens in new[] { 500, 2_000 })
        {
            foreach ((string name, object message) in Messages(tokens))
            {
                yield return new Measurement($"{name}, {tokens} tokens", "bytes", [WireFormat.Write(message).Length]);
            }
        }
    }

    private static (string Name, object Message)[] Messages(int tokens)
    {
        var random = new Random(1);
        var group = new GroupId(1_000_000);
        var epoch = new LearnerEpoch(3);
        var lease = new LeaseId(group, Origin.Policy, 0, 0);
        var rollout = new Rollout
        {
            Id = new RolloutId(group, Origin.Policy, 3),
            Tokens = [.. Ids(tokens)],
            LogProbs = [.. Enumerable.Range(0, tokens).Select(_ => (float)Math.Log(random.NextDouble()))],
            Versions = [.. Enumerable.Repeat(10_000L, tokens)],
            Finish = FinishReason.Stop,
            Seed = (ulong)random.NextInt64(),
            Text = new string('x', tokens * CharactersPerToken),
            PromptLength = PromptTokens,
        };
        var question = new Question
        {
            Id = "train-123456",
            Text = new string('q', PromptTokens * CharactersPerToken),
            Answer = "42",
        };
        var judged = new CaseId(rollout.Id, 0);
        return
        [
            (
                "lease of 8 rollouts",
                new RolloutLease
                {
                    Id = lease,
                    Epoch = epoch,
                    Prompt = [.. Ids(PromptTokens)],
                    Siblings = [.. Enumerable.Range(0, Siblings)],
                    Seeds = [.. Enumerable.Range(0, Siblings).Select(_ => (ulong)random.NextInt64())],
                    NotBefore = new PolicyVersion(10_000),
                }
            ),
            ("rollout delivered", new RolloutDelivered(lease, epoch, rollout)),
            ("rollout acknowledged", new RolloutAck(lease, rollout.Id)),
            ("case to a verifier", new VerifyCase(judged, epoch, question, rollout.Text, FinishReason.Stop)),
            ("verdict", new CaseJudged(judged, epoch, Judgment.Correct("42"))),
            ("verdict acknowledged", new CaseAck(judged)),
        ];

        IEnumerable<int> Ids(int count) => Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary));
    }
}
