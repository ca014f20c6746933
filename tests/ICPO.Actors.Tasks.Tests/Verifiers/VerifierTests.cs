using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Verifiers;

public sealed class VerifierTests
{
    [Theory]
    [InlineData("42", "The answer is 42.", Verdict.Correct)]
    [InlineData("42", "3 + 39 = 42", Verdict.Correct)]
    [InlineData("42", "42 is it, not 43", Verdict.Wrong)]
    [InlineData("42", "#### 42\nCheck: 40 + 2", Verdict.Correct)]
    [InlineData("42", "#### 41\n#### 42", Verdict.Correct)]
    [InlineData("42", "Answer: $42.00 (7 boxes)", Verdict.Correct)]
    [InlineData("42", "the answer is clear: 42 of 50", Verdict.Correct)]
    [InlineData("1,530", "1530", Verdict.Correct)]
    [InlineData("1530", "#### 1,530", Verdict.Correct)]
    [InlineData("1234567", "1,234,567", Verdict.Correct)]
    [InlineData("530", "1, 530", Verdict.Correct)]
    [InlineData("2", "1,2", Verdict.Correct)]
    [InlineData("0.5", "1/2", Verdict.Correct)]
    [InlineData("1/3", "2 / 6", Verdict.Correct)]
    [InlineData("1/3", "0.333", Verdict.Wrong)]
    [InlineData("1/3", "0.3333333", Verdict.Correct)]
    [InlineData("-7", "x = -7", Verdict.Correct)]
    [InlineData("-7", "x = −7", Verdict.Correct)]
    [InlineData("-7", "x = –7", Verdict.Correct)]
    [InlineData("5", "it is 10-5", Verdict.Correct)]
    [InlineData("5", "pages 3–5", Verdict.Correct)]
    [InlineData("0.5", "so .5", Verdict.Correct)]
    [InlineData("5", "so...5", Verdict.Correct)]
    [InlineData("1500", "1.5e3", Verdict.Correct)]
    [InlineData("9007199254740993", "9007199254740992", Verdict.Wrong)]
    [InlineData("42", "no idea", Verdict.Unparseable)]
    [InlineData("42", "", Verdict.Unparseable)]
    [InlineData("42", "42 ####", Verdict.Unparseable)]
    [InlineData("18", "#### Step 2: Total\nThe answer is 18.", Verdict.Correct)]
    [InlineData("18", "#### **Step 1**\n17 + 1 = 18", Verdict.Correct)]
    [InlineData("2", "#### Step 2: Total\nThe answer is 18.", Verdict.Wrong)]
    [InlineData("18", "##### **18**\nIn 2 steps.", Verdict.Correct)]
    [InlineData("18", "#### $18\nIn 2 steps.", Verdict.Correct)]
    [InlineData("42", "1/0", Verdict.Unparseable)]
    [InlineData("1 + 2 = <<1+2=3>>3\n#### 3", "It costs 3 dollars.", Verdict.Correct)]
    [InlineData("no number", "42", Verdict.Crashed)]
    public void The_numeric_verifier_reads_numbers_as_people_write_them(string gold, string response, Verdict expected) =>
        Assert.Equal(expected, Judge("numeric", gold, response).Verdict);

    [Fact]
    public void A_number_prints_and_reads_back_in_every_form() =>
        Gen.Select(Gen.Int, Gen.Int[0, 999])
            .Sample(
                (whole, thousandths) =>
                {
                    string plain = $"{whole}.{thousandths:D3}",
                        grouped = $"{whole:N0}.{thousandths:D3}";
                    return Judge("numeric", plain, $"So it is {grouped} euros").Verdict == Verdict.Correct
                        && Judge("numeric", plain, $"So it is {whole}.{(thousandths + 1) % 1000:D3}").Verdict == Verdict.Wrong;
                }
            );

    [Theory]
    [InlineData("math")]
    [InlineData("numeric")]
    [InlineData("multiple-choice")]
    public void Long_runs_of_one_character_hold_no_right_answer_and_their_search_ends(string verifier)
    {
        foreach (char c in " #*:")
        {
            Assert.NotEqual(
                Verdict.Correct,
                Judge(verifier, verifier == "multiple-choice" ? "B" : "5", "answer" + new string(c, 60_000) + "x").Verdict
            );
        }
    }

    [Fact]
    public void The_tolerance_is_what_is_allowed()
    {
        Assert.Equal(Verdict.Correct, Judge("numeric", "3.14159", "3.14", new() { Tolerance = 0.01 }).Verdict);
        Assert.Equal(Verdict.Wrong, Judge("numeric", "3.14159", "3.14", new() { Tolerance = 0.001 }).Verdict);
        Assert.Equal(Verdict.Wrong, Judge("numeric", "0.3", "0.30000000000000000001", new() { Tolerance = 0 }).Verdict);
        Assert.Throws<ArgumentException>(() => VerifierRegistry.Create("numeric", new() { Tolerance = double.NaN }));
    }

    [Fact]
    public void A_response_cut_off_at_its_number_earns_nothing()
    {
        Assert.Equal(Verdict.Unparseable, Judge("numeric", "12", "#### 12", finish: FinishReason.Length).Verdict);
        Assert.Equal(Verdict.Correct, Judge("numeric", "12", "#### 12", finish: FinishReason.Stop).Verdict);
        Assert.Equal(Verdict.Correct, Judge("numeric", "12", "#### 12\nand", finish: FinishReason.Length).Verdict);
    }

    [Fact]
    public void Any_text_gets_a_verdict() =>
        Gen.String.Sample(text => Judge("numeric", "1", text).Verdict is Verdict.Correct or Verdict.Wrong or Verdict.Unparseable);

    [Theory]
    [InlineData("Paris", " Paris\n", false, Verdict.Correct)]
    [InlineData("Paris", "Paris;", false, Verdict.Correct)]
    [InlineData("Paris", "paris", false, Verdict.Wrong)]
    [InlineData("Paris", "paris", true, Verdict.Correct)]
    [InlineData("Paris", "Paris, France", false, Verdict.Wrong)]
    [InlineData("Paris", " ;", false, Verdict.Unparseable)]
    [InlineData(" ", " ", false, Verdict.Crashed)]
    public void The_exact_verifier_compares_trimmed_text(string gold, string response, bool ignoreCase, Verdict expected) =>
        Assert.Equal(expected, Judge("exact", gold, response, new() { IgnoreCase = ignoreCase, StopStrings = [";"] }).Verdict);

    [Fact]
    public void An_unknown_verifier_is_answered_with_the_known_ones() =>
        Assert.Matches(
            "'maths'.*builtin, command, composite, exact, format, http, judge, math, multiple-choice, numeric, regex",
            Assert.Throws<ArgumentException>(() => VerifierRegistry.Create("maths")).Message
        );

    [Fact]
    public void Every_known_name_makes_the_verifier_of_that_name() =>
        Assert.All(VerifierRegistry.Names, name => Assert.Equal(name, VerifierRegistry.Create(name, External).Name));

    /// <summary>Settings of the verifiers that have no defaults.</summary>
    private static VerifierSettings External { get; } =
        new()
        {
            Command = new() { Run = ["true"] },
            Http = new() { Url = "http://localhost/" },
            Judge = new()
            {
                Url = "http://localhost/",
                Model = "m",
                Rubric = "{response}",
            },
        };

    private static Judgment Judge(
        string verifier,
        string gold,
        string response,
        VerifierSettings? settings = null,
        FinishReason finish = FinishReason.Stop
    ) =>
        VerifierRegistry
            .Create(verifier, settings)
            .VerifyAsync(
                new()
                {
                    Id = "q",
                    Text = "?",
                    Answer = gold,
                },
                response,
                finish,
                TestContext.Current.CancellationToken
            )
            .AsTask()
            .Result;
}
