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
        for (int warm = 0; warm < 4; warm++)
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
}
