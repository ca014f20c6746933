using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace OwnTask;

/// <summary>
/// A task and its verifier in one class. A question is four digits in the notation of the bundled model; a response is correct if its last
/// digit repeats the question's last digit. There are no demonstrations, so it trains with the preset grpo.
/// </summary>
internal sealed class EchoTask : ITask, IVerifier
{
    public string Name => "echo";

    public ImmutableArray<Demonstration> Pool => [];

    public ImmutableArray<string> StopStrings => [";"];

    public int MaxTokens => 16;

    /// <summary>Training questions are even numbers and held-out questions are odd ones, so that no question is in both.</summary>
    public Question Train(ulong seed, long index) => Ask(2 * Draw(seed, index));

    public ImmutableArray<Question> HeldOut(ulong seed, int count) =>
        [.. Enumerable.Range(0, 5000).OrderBy(index => Draw(seed, index)).Take(count).Select(index => Ask((2 * index) + 1))];

    public ImmutableArray<Demonstration> Demonstrate(Question question, ulong seed, int count) => [];

    public string Prompt(string question, ImmutableArray<Demonstration> demonstrations) => question;

    public string Response(Demonstration demonstration) => demonstration.Solution;

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        string last = response.TrimEnd(';');
        return ValueTask.FromResult(
            last.Length == 0 || !char.IsDigit(last[^1]) ? Judgment.Unparseable("no digit at the end")
            : last[^1..] == question.Answer ? Judgment.Correct(last[^1..])
            : Judgment.Wrong(last[^1..])
        );
    }

    private static Question Ask(int number)
    {
        string digits = number.ToString("D4");
        return new()
        {
            Id = digits,
            Text = $"AB{digits}=",
            Answer = digits[^1..],
        };
    }

    /// <summary>A number below 5000 that depends only on its arguments: a task is pure, so that runs can be resumed.</summary>
    private static int Draw(ulong seed, long index)
    {
        ulong mixed = (seed + (ulong)index + 1) * 0x9E3779B97F4A7C15;
        return (int)((mixed ^ (mixed >> 29)) % 5000);
    }
}
