using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
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
