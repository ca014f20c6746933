using System.Diagnostics;
using System.Globalization;

namespace ICPO.MathAnswers.Tests;

/// <summary>Prints how many verdicts a second one core gives on the pairs of the fixtures; asserts nothing about time.</summary>
public sealed class MathSpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void The_rate_of_verdicts_is_printed()
    {
        MathJudge judge = new(new());
        (string Gold, string Answer)[] pairs =
        [
            .. Agreement
                .Rows(Fixtures.Folder("verifier"), "gold", "pred", "label")
                .Select(r => (r.GetProperty("gold").GetString()!, r.GetProperty("pred").GetString()!)),
        ];
        // The compiler optimizes in the background for the first twenty rounds or so.
        for (int warm = 0; warm < (LongTests.AreOn ? 40 : 3); warm++)
        {
            foreach ((string gold, string answer) in pairs)
            {
                judge.Judge(gold, answer);
            }
        }

        double slowest = 0;
        long start = Stopwatch.GetTimestamp();
        foreach ((string gold, string answer) in pairs)
        {
            long one = Stopwatch.GetTimestamp();
            judge.Judge(gold, answer);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(one).TotalMilliseconds);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{pairs.Length} verdicts in {seconds:F2} s: {pairs.Length / seconds:F0} a second, the slowest {slowest:F1} ms"
            )
        );
        Assert.NotEmpty(pairs);
    }

    /// <summary>What a model that repeats itself writes: the time is printed for texts of several lengths.</summary>
    [Theory]
    [InlineData("1{0}:x")]
    [InlineData("The answer{0}: {0}x")]
    [InlineData("The answer is{0}or{0}not{0}")]
    [InlineData("\\boxed{{1{0}:{0}x}}")]
    [InlineData("\\boxed{{1}}{0}and{0}\\boxed{{{0}2}}")]
    [InlineData("答案{0}是{0}")]
    [InlineData("<answer>{0}1{0}, {0}</answer>")]
    [InlineData("#### {0}1{0}:")]
    [InlineData("${0}1{0}$ or{0}$2{0}$")]
    [InlineData("<think>{0}</think>{0}1{0}")]
    public void The_time_of_repeated_space_is_printed(string form)
    {
        MathJudge judge = new();
        int[] lengths = LongTests.AreOn ? [4_000, 20_000, 100_000] : [4_000, 20_000];
        foreach (string space in (ReadOnlySpan<string>)["\n", "\u2009", " ", "\t", "\u00a0", "\r\n", "$", "(", "answer ", "not 4 or "])
        {
            double[] times = [.. lengths.Select(length => Time(judge, form, space, length))];
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{(int)space[0]:x4}: {string.Join(" ms, ", times.Select(t => $"{t:F1}"))} ms")
            );
        }
    }

    private static double Time(MathJudge judge, string form, string space, int length)
    {
        string text = string.Format(CultureInfo.InvariantCulture, form, string.Concat(Enumerable.Repeat(space, length / space.Length)));
        judge.Judge("2", text);
        long start = Stopwatch.GetTimestamp();
        Assert.False(judge.Judge("1", text) is { Kind: MathVerdictKind.InvalidGold });
        judge.Judge(text, "1");
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
