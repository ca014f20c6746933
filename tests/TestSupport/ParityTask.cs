using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace TestSupport;

/// <summary>Is the number odd? The response begins with 1 for yes, 0 for no.</summary>
public sealed class ParityTask : ITask
{
    public string Name => "parity";

    public ImmutableArray<Demonstration> Pool { get; } =
    [
        .. Enumerable
            .Range(0, 5)
            .Select(number => new Demonstration
            {
                Id = $"d{number}",
                Question = $"{number}?",
                Solution = $"{number % 2}",
            }),
    ];

    public ImmutableArray<string> StopStrings => ["\n"];

    public int MaxTokens => 8;

    public Question Train(ulong seed, long index) => Ask((long)(Seed.Derive(seed, (ulong)index) % 1000), "train");

    public ImmutableArray<Question> HeldOut(ulong seed, int count) =>
        [.. Enumerable.Range(1000, count).Select(number => Ask(number, "held-out"))];

    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count)
    {
        Demonstration[] others = [.. Pool.Where(demonstration => demonstration.Question != question.Text)];
        new RandomStream(seed).Shuffle<Demonstration>(others);
        return [.. others.Take(count)];
    }

    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) =>
        string.Concat(demonstrations.Select(demonstration => $"{demonstration.Question}{Response(demonstration)}")) + question;

    public string Response(Demonstration demonstration) => $"{demonstration.Solution}\n";

    private static Question Ask(long number, string split) =>
        new()
        {
            Id = $"{split}/{number}",
            Text = $"{number}?",
            Answer = $"{number % 2}",
        };
}

/// <summary>Right where the response begins with the answer.</summary>
public sealed class ParityVerifier : IVerifier
{
    public string Name => "parity";

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken) =>
        new(
            response.StartsWith(question.Answer, StringComparison.Ordinal) ? Judgment.Correct(response[..1]) : Judgment.Wrong(response[..1])
        );
}

/// <summary>A verifier that does what a test says.</summary>
public sealed class ScriptedVerifier(Func<string, CancellationToken, Task<Judgment>> verify) : IVerifier
{
    public string Name => "scripted";

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken) =>
        new(verify(response, cancellationToken));
}

/// <summary>One token per character.</summary>
public sealed class LetterTokenizer : ITokenizer
{
    public int VocabularySize => 128;

    public int[] Encode(string text) => [.. text.Select(character => (int)character)];

    public string Decode(ReadOnlySpan<int> tokens) => string.Concat(tokens.ToArray().Select(token => (char)token));
}
