using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

/// <summary>The verifiers multiple-choice, regex, format and composite.</summary>
public sealed class AnswerVerifierTests
{
    private const string Capitals = "Which city is the capital of France?\nA) London\nB) Paris\n(C) Rome\nD. New York";

    [Theory]
    [InlineData("B", "B", Verdict.Correct)]
    [InlineData("B", "(B)", Verdict.Correct)]
    [InlineData("B", "b.", Verdict.Correct)]
    [InlineData("B", "The answer is B.", Verdict.Correct)]
    [InlineData("B", "The answer is (B) because London is not.", Verdict.Correct)]
    [InlineData("B", "A is wrong, C is wrong.\nAnswer: B", Verdict.Correct)]
    [InlineData("B", "**Answer:** B) Paris", Verdict.Correct)]
    [InlineData("B", "So we choose \\boxed{\\text{(B)}}.", Verdict.Correct)]
    [InlineData("B", "So we choose $\\boxed{\\textbf{(B) } Paris}$.", Verdict.Correct)]
    [InlineData("B", "The answer is Paris.", Verdict.Correct)]
    [InlineData("B", "the correct answer is option B", Verdict.Correct)]
    [InlineData("(B)", "\\boxed{B}", Verdict.Correct)]
    [InlineData("Paris", "B", Verdict.Correct)]
    [InlineData("D", "the answer is New York", Verdict.Correct)]
    [InlineData("B", "<think>The answer is C</think>The answer is B", Verdict.Correct)]
    [InlineData("B", "I think that\nB", Verdict.Correct)]
    [InlineData("B", "The correct answer is **B**, since A is in England.", Verdict.Correct)]
    [InlineData("B", "答案：B", Verdict.Correct)]
    [InlineData("B", "故选B。因为 A 在英国。", Verdict.Correct)]
    [InlineData("B", "The correct option is B. A is in England.", Verdict.Correct)]
    [InlineData("B", "The answer is not B.", Verdict.Unparseable)]
    [InlineData("C", "The answer is not (B) or C.", Verdict.Unparseable)]
    [InlineData("B", "The answer isn't option B", Verdict.Unparseable)]
    [InlineData("B", "London it is not. B", Verdict.Correct)]
    [InlineData("A", "The answer is A or B, because C is in Italy.", Verdict.Unparseable)]
    [InlineData("B", "The answer is C.", Verdict.Wrong)]
    [InlineData("B", "B is right. Or rather, the answer is C", Verdict.Wrong)]
    [InlineData("B", "The answer is London.", Verdict.Wrong)]
    [InlineData("B", "The answer is A or B.", Verdict.Unparseable)]
    [InlineData("B", "The answer is a city.", Verdict.Unparseable)]
    [InlineData("B", "The answer is A city in France", Verdict.Unparseable)]
    [InlineData("B", "The answer is F", Verdict.Unparseable)]
    [InlineData("B", "no idea", Verdict.Unparseable)]
    [InlineData("B", "", Verdict.Unparseable)]
    [InlineData("Berlin", "B", Verdict.Crashed)]
    public void The_chosen_option_is_read_as_letter_or_as_text(string gold, string response, Verdict expected) =>
        Assert.Equal(expected, Judge("multiple-choice", gold, response, Capitals).Verdict);

    [Theory]
    [InlineData("B", "The answer is (B).", Verdict.Correct)]
    [InlineData("E", "Therefore, the answer is E", Verdict.Correct)]
    [InlineData("B", "The answer is 17", Verdict.Unparseable)]
    public void Without_options_in_the_question_the_letter_alone_counts(string gold, string response, Verdict expected) =>
        Assert.Equal(expected, Judge("multiple-choice", gold, response, "How many?").Verdict);

    [Fact]
    public void Options_in_one_line_are_read_as_well()
    {
        const string Line = "For the points A and B, what is 1+1? (A) $1$ (B) $2$ (C) $\\frac{1}{2}$";
        Assert.Equal("C", Judge("multiple-choice", "C", "Answer: $\\frac{1}{2}$", Line).Extracted);
        Assert.Equal("B", Judge("multiple-choice", "$2$", "\\boxed{2}", Line).Extracted);
        const string Contest = "What is 1+1?\n$\\textbf{(A)}\\ 1\\qquad\\textbf{(B)}\\ 2\\qquad\\textbf{(C)}\\ 3$";
        Assert.Equal("B", Judge("multiple-choice", "B", "The answer is $\\boxed{2}$", Contest).Extracted);
    }

    [Theory]
    [InlineData("colou?r", "my color is red", Verdict.Correct)]
    [InlineData("colou?r", "my colr is red", Verdict.Wrong)]
    [InlineData("(", "anything", Verdict.Crashed)]
    [InlineData(" ", "anything", Verdict.Crashed)]
    public void A_gold_answer_can_be_a_pattern(string gold, string response, Verdict expected) =>
        Assert.Equal(expected, Judge("regex", gold, response).Verdict);

    [Theory]
    [InlineData("42", "FINAL: 41\nFINAL: 42 ", Verdict.Correct)]
    [InlineData("42", "FINAL: 42\nFINAL: 41", Verdict.Wrong)]
    [InlineData("42", "42", Verdict.Unparseable)]
    public void The_last_match_of_a_configured_pattern_is_the_answer(string gold, string response, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge("regex", gold, response, settings: new() { Regex = new() { Pattern = @"FINAL:\s*(?<answer>\d+)" } }).Verdict
        );

    [Fact]
    public void A_match_that_takes_too_long_has_timed_out_and_gives_no_reward()
    {
        Judgment judgment = Judge(
            "regex",
            "^(a+)+$",
            new string('a', 40) + "!",
            settings: new() { Regex = new() { MatchTimeout = TimeSpan.FromMilliseconds(20) } }
        );
        Assert.Equal((Verdict.TimedOut, null), (judgment.Verdict, judgment.Reward));
    }

    [Fact]
    public void A_pattern_that_is_none_is_refused_with_its_place() =>
        Assert.Matches(
            @"'a\(b'.*InsufficientClosingParentheses.*\b4\b",
            Assert.Throws<ArgumentException>(() => VerifierRegistry.Create("regex", new() { Regex = new() { Pattern = "a(b" } })).Message
        );

    [Theory]
    [InlineData(ResponseForm.Boxed, "so \\boxed{3}", true)]
    [InlineData(ResponseForm.Boxed, "so \\boxed{3", false)]
    [InlineData(ResponseForm.Boxed, "so \\boxed{ }", false)]
    [InlineData(ResponseForm.Boxed, "<think>\\boxed{3}</think> 3", false)]
    [InlineData(ResponseForm.Think, "<think>hm</think> 3", true)]
    [InlineData(ResponseForm.Think, "hm</think> 3", true)]
    [InlineData(ResponseForm.Think, "<think>hm 3", false)]
    [InlineData(ResponseForm.Think, "<think>hm</think> ", false)]
    [InlineData(ResponseForm.Think, "3 <think>hm</think> 3", false)]
    [InlineData(ResponseForm.Think, "<think>a</think><think>b</think> 3", false)]
    [InlineData(ResponseForm.ThinkBoxed, "<think>hm</think> \\boxed{3}", true)]
    [InlineData(ResponseForm.ThinkBoxed, "<think>hm</think> 3", false)]
    [InlineData(ResponseForm.ThinkBoxed, "\\boxed{3}", false)]
    [InlineData(ResponseForm.Pattern, "Answer: 3", true)]
    [InlineData(ResponseForm.Pattern, "3", false)]
    public void A_form_is_kept_or_not(ResponseForm form, string response, bool kept) =>
        Assert.Equal(
            kept ? Verdict.Correct : Verdict.Wrong,
            Judge(
                "format",
                "3",
                response,
                settings: new()
                {
                    Format = new() { Form = form, Pattern = "^Answer: " },
                }
            ).Verdict
        );

    [Theory]
    [InlineData("\\boxed{3}", Verdict.Correct, 1.0)]
    [InlineData("the answer is 3", Verdict.Correct, 0.75)]
    [InlineData("\\boxed{4}", Verdict.Wrong, 0.25)]
    [InlineData("the answer is 4", Verdict.Wrong, 0.0)]
    [InlineData("", Verdict.Unparseable, 0.0)]
    public void A_composite_weighs_its_parts(string response, Verdict verdict, double reward)
    {
        Judgment judgment = Judge(
            "composite",
            "3",
            response,
            settings: new()
            {
                Composite = new() { Parts = [new("math", 3), new("format", 1)], Threshold = 0.75 },
            }
        );
        Assert.Equal((verdict, reward), (judgment.Verdict, judgment.Reward!.Value));
    }

    [Fact]
    public void A_fault_of_a_part_is_a_fault_of_the_whole()
    {
        VerifierSettings settings = new()
        {
            Composite = new() { Parts = [new("format", 1), new("regex", 1)] },
            Regex = new() { MatchTimeout = TimeSpan.FromMilliseconds(20) },
        };
        Judgment timedOut = Judge(
            "composite",
            "^(a+)+$",
            "\\boxed{1}" + new string('a', 40) + "!",
            settings: settings with
            {
                Regex = settings.Regex with { Pattern = "(a+)+$!" },
            }
        );
        Assert.Equal((Verdict.TimedOut, null), (timedOut.Verdict, timedOut.Reward));
        Judgment crashed = Judge("composite", "(", "\\boxed{1}", settings: settings);
        Assert.Equal((Verdict.Crashed, null), (crashed.Verdict, crashed.Reward));
        Assert.Contains("regex: ", crashed.Detail);
    }

    [Theory]
    [InlineData("math 0.9", "math", 0.9)]
    [InlineData("  format   1 ", "format", 1)]
    public void A_part_is_a_name_and_a_weight(string text, string name, double weight) =>
        Assert.Equal(new(name, weight), CompositePart.Parse(text));

    [Theory]
    [InlineData("math")]
    [InlineData("math 0")]
    [InlineData("math -1")]
    [InlineData("math 1 2")]
    [InlineData("")]
    public void Text_that_is_not_a_part_is_refused(string text) => Assert.Null(CompositePart.Parse(text));

    [Fact]
    public void A_composite_of_composites_or_of_nothing_is_refused()
    {
        Assert.Throws<ArgumentException>(() => VerifierRegistry.Create("composite", new() { Composite = new() { Parts = [] } }));
        Assert.Throws<ArgumentException>(() =>
            VerifierRegistry.Create("composite", new() { Composite = new() { Parts = [new("composite", 1)] } })
        );
        Assert.Throws<ArgumentException>(() => VerifierRegistry.Create("composite", new() { Composite = new() { Threshold = 0 } }));
    }

    [Theory]
    [InlineData("math", "\\frac{1}{2}", "\\frac{1}{2}")]
    [InlineData("math", "So \\boxed{7}.", "7")]
    [InlineData("math", "$x + $ \\frac{", null)]
    [InlineData("numeric", "It is #### 7", "7")]
    [InlineData("numeric", "seven", null)]
    [InlineData("exact", " seven ", "seven")]
    [InlineData("exact", " ", null)]
    [InlineData("regex", "a+", "a+")]
    [InlineData("regex", "a(", null)]
    [InlineData("multiple-choice", "(C)", "C")]
    [InlineData("multiple-choice", "none", null)]
    [InlineData("composite", "7", "7")]
    [InlineData("composite", "$x + $ \\frac{", null)]
    [InlineData("builtin", "Aa2413;", "Aa2413;")]
    [InlineData("builtin", "2413", null)]
    public void Every_verifier_says_whether_a_gold_answer_can_be_read(string verifier, string gold, string? extracted)
    {
        GoldAnswer read = ((IGoldReader)VerifierRegistry.Create(verifier)).ReadGold(
            new()
            {
                Id = "q",
                Text = "?",
                Answer = gold,
            }
        );
        Assert.Equal(extracted is null, read.Problem is not null);
        Assert.Equal(extracted ?? read.Extracted, read.Extracted);
    }

    private static Judgment Judge(
        string verifier,
        string gold,
        string response,
        string question = "?",
        VerifierSettings? settings = null
    ) =>
        VerifierRegistry
            .Create(verifier, settings)
            .VerifyAsync(
                new()
                {
                    Id = "q",
                    Text = question,
                    Answer = gold,
                },
                response,
                FinishReason.Stop,
                TestContext.Current.CancellationToken
            )
            .AsTask()
            .Result;
}
