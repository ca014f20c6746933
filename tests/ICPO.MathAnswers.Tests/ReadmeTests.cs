using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Tests;

/// <summary>The README's example, compiled and run.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_prints_what_its_comments_say()
    {
        List<string> printed = [];
        Example(value => printed.Add($"{value}"));
        Assert.Equal(Readme.Output(Code), printed);
    }

    [Fact]
    public void The_readme_shows_the_code_that_is_tested() =>
        Assert.Equal(Code, Readme.Block("src", "libraries", "ICPO.MathAnswers", "README.md"));

    private static string Code => Readme.Region("tests", "ICPO.MathAnswers.Tests", "ReadmeTests.cs");

    private static void Example(Action<object?> print)
    {
        // <readme>
        MathJudge judge = new();

        MathVerdict verdict = judge.Judge(gold: "0.75", response: @"Dividing gives $\boxed{\frac{3}{4}}$.");
        print($"{verdict.Kind} {verdict.Extracted}"); // Correct \frac{3}{4}

        print(judge.Extract("She pays $5 and then $7.")); // 7
        print(judge.JudgeAnswer(@"(3, \infty)", "x > 3").Kind); // Correct
        print(judge.JudgeAnswer("5 cm", "5 m").Kind); // Wrong

        MathJudge strict = new(new MathSettings { PercentIsNumber = false, UnitMayBeLeftOut = false });
        print(strict.JudgeAnswer(@"63\%", "63").Kind); // Wrong
        // </readme>
    }
}
