using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Tests;

/// <summary>The conventions, one example each, and the bounds.</summary>
public sealed class MathJudgeTests
{
    private static readonly MathJudge Judge = new();

    [Theory]
    [InlineData(@"\frac{3}{4}", "0.75")]
    [InlineData(@"\frac34", "3/4")]
    [InlineData(@"1\frac{3}{4}", @"\frac{7}{4}")]
    [InlineData("1 3/4", "7/4")]
    [InlineData(@"\sqrt{12}", @"2\sqrt3")]
    [InlineData(@"\frac{1}{\sqrt{2}+1}", @"\sqrt{2}-1")]
    [InlineData(@"\sqrt[3]{-8}", "-2")]
    [InlineData(@"\sqrt{3+2\sqrt{2}}", @"1+\sqrt{2}")]
    [InlineData(@"e^{i\pi}", "-1")]
    [InlineData(@"\log_2 8", "3")]
    [InlineData(@"\ln 6", @"\ln 2 + \ln 3")]
    [InlineData(@"\sin^2 x + \cos^2 x", "1")]
    [InlineData(@"\sin 30^\circ", "0.5")]
    [InlineData(@"2^{n+1}", @"2 \cdot 2^n")]
    [InlineData(@"4^n", @"2^{2n}")]
    [InlineData(@"n!", @"n \cdot (n-1)!")]
    [InlineData(@"\frac{n!}{k!(n-k)!}", @"\binom{n}{k}")]
    [InlineData("120", "{}_{10}C_3")]
    [InlineData("120", "_{10}C_{3}")]
    [InlineData("720", "{}^{10}P_3")]
    [InlineData(@"\sum_{k=1}^{10} k", "55")]
    [InlineData(@"\begin{vmatrix} 2 & 1 \\ 1 & 2 \end{vmatrix}", "3")]
    [InlineData(@"0.\overline{3}", @"\frac13")]
    [InlineData(@"0.333\ldots", "1/3")]
    [InlineData("10,000", @"10{,}000")]
    [InlineData("1.5e3", "1500")]
    [InlineData(@"2.2 \times 10^8", "220000000")]
    [InlineData("63\\%", "63")]
    [InlineData("63\\%", "0.63")]
    [InlineData(@"90^\circ", "90")]
    [InlineData(@"90^\circ", @"\frac{\pi}{2}")]
    [InlineData("1011_2", "1011")]
    [InlineData("1011_2", "11")]
    [InlineData(@"5 \text{ cm}", "5")]
    [InlineData(@"864 \mbox{ inches}^2", @"864\text{ square inches}")]
    [InlineData(@"100 \text{ cm}", @"1 \text{ m}")]
    [InlineData("x = 5", "5")]
    [InlineData("f(x) = 2x + 1", "2x+1")]
    [InlineData("y = 2x + 1", "2x - y + 1 = 0")]
    [InlineData("x^2 + y^2 = 4", "4 - x^2 = y^2")]
    [InlineData("xy = 5", "0 = -2xy + 10")]
    [InlineData("x > 3", "3 < x")]
    [InlineData("x > 3", @"(3, \infty)")]
    [InlineData("2 < x \\le 5", "(2, 5]")]
    [InlineData(@"x \ne 2", @"(-\infty, 2) \cup (2, \infty)")]
    [InlineData(@"\mathbb{R} \setminus \{2\}", @"(-\infty, 2) \cup (2, \infty)")]
    [InlineData(@"(0,1) \cup [1,2)", "(0,2)")]
    [InlineData(@"1 \pm \sqrt{2}", @"1 - \sqrt2, 1 + \sqrt2")]
    [InlineData("1, 2, 3", @"\{3, 2, 1\}")]
    [InlineData("(1, 2)", "1, 2")]
    [InlineData("(x, y) = (1, 2)", "x = 1, y = 2")]
    [InlineData(@"\langle 1, 2 \rangle", @"\begin{pmatrix} 1 \\ 2 \end{pmatrix}")]
    [InlineData("3:2", @"\frac{3}{2}")]
    [InlineData("6:4", "3:2")]
    [InlineData(@"\text{(C)}", "C")]
    [InlineData("12", @"\textbf{(B)}\ 12")]
    [InlineData("\\sqrt{2}", "1.414214")]
    [InlineData(@"\frac{1}{12}", "0.0833333333333333")]
    [InlineData("10^{10^{10^{10}}}", "10^{10^{10^{10}}}")]
    [InlineData("−5", "-5")]
    [InlineData("½", "0.5")]
    [InlineData(@"e^{2\ln 3}", "9")]
    [InlineData(@"2^{\ln 3}", @"3^{\ln 2}")]
    [InlineData(@"e^{x \ln 2}", "2^x")]
    [InlineData(@"\ln{\left(6 \right)}^{2}", @"(\ln 6)^2")]
    [InlineData("8!!", "384")]
    [InlineData(@"4 \operatorname{cis} 60^\circ", @"2 + 2\sqrt{3}i")]
    [InlineData(@"\sum_{i=1}^{4} i^2", "30")]
    [InlineData(@"\sum_{i=1}^{n} i", @"\sum_{k=1}^{n} k")]
    [InlineData(@"\frac{\pi}{4} + k\pi, k \in \mathbb{Z}", @"n\pi + \frac{\pi}{4} \quad (n \in \mathbb{Z})")]
    [InlineData(@"\{2k \mid k \in \mathbb{Z}\}", @"\{2n : n \in \mathbb{Z}\}")]
    [InlineData(@"|x| \le 2", "[-2, 2]")]
    [InlineData(@"\frac{a}{b} = \frac12", "0.5")]
    [InlineData("A^T", @"A^{\top}")]
    [InlineData(@"\sqrt{1-x^2}", @"(1-x^2)^{1/2}")]
    [InlineData(@"\frac{-b \pm \sqrt{b^2-4ac}}{2a}", @"-\frac{b}{2a} \pm \frac{\sqrt{b^2-4ac}}{2a}")]
    [InlineData(@"\sum_{k=1}^{n} k^2", @"\frac{n(n+1)(2n+1)}{6}")]
    [InlineData(@"\sum_{k=0}^{n} a_k b_{n-k}", @"\sum_{k=0}^{n} b_{n-k} a_k")]
    [InlineData(@"\int_0^1 2x \, dx", @"\int_0^1 (x + x) dx")]
    [InlineData("p=5, q=2; p=7, q=2", "(5,2), (7,2)")]
    [InlineData("(x, y) = (1, 2)", "y = 2, x = 1")]
    [InlineData("x = 1, y = 2", @"\left\{ \begin{array}{l} x = 1 \\ y = 2 \end{array} \right.")]
    [InlineData("x = 1, y = 2", @"\begin{aligned} x &= 1 \\ y &= 2 \end{aligned}")]
    [InlineData("{1, 3}", "(1, 3)")]
    [InlineData("[1, 3]", @"|2x - 4| \le 2")]
    [InlineData(@"(-\infty, 1) \cup (3, \infty)", "|x - 2| > 1")]
    [InlineData(@"(3, \infty)", "-2x < -6")]
    [InlineData(@"(0,1) \cup (1,\infty)", @"x > 0, x \ne 1")]
    [InlineData(@"\frac{10}{3}", @"\frac{10}{3}\,\mathrm{m}^2")]
    [InlineData(@"9\pi\mathrm{\,km}", @"9\pi")]
    [InlineData(@"9.8 \text{ m/s}^2", @"9.8\ \mathrm{m\,s^{-2}}")]
    [InlineData("4√10", @"4\sqrt{10}")]
    [InlineData(@"221_{\text{three}}", "221_3")]
    [InlineData(@"\text{Option B}", @"\text{(B)}")]
    [InlineData(@"9 \text{ to } 10", "9:10")]
    [InlineData("20:34", @"8:34 \text{ p.m.}")]
    [InlineData("20:34", "20:34:00")]
    [InlineData(@"2.314814814815 \times 10^{-3}", @"\frac{1}{432}")]
    [InlineData(@".\overline{36}", @"\frac{4}{11}")]
    [InlineData(@"0.\dot{3}\dot{6}", @"\frac{4}{11}")]
    [InlineData("C_{10}^{3}", "120")]
    [InlineData(@"1 \over 2", "0.5")]
    [InlineData("28 percentage", @"28\%")]
    [InlineData(@"45 \text{ deg}", @"45^\circ")]
    [InlineData(@"\begin{pmatrix} 1 & 2 \cr 3 & 4 \end{pmatrix}", "[[1, 2], [3, 4]]")]
    [InlineData(@"\\begin{pmatrix} 1 \\\\ \\sqrt{2} \\end{pmatrix}", @"\begin{pmatrix} 1 \\ \sqrt{2} \end{pmatrix}")]
    [InlineData(@"\text{a right triangle}", @"\text{Right-Triangle}")]
    public void These_are_the_same(string gold, string answer)
    {
        Assert.Equal(MathVerdictKind.Correct, Judge.JudgeAnswer(gold, answer).Kind);
        Assert.Equal(MathVerdictKind.Correct, Judge.JudgeAnswer(answer, gold).Kind);
    }

    [Theory]
    [InlineData(@"\frac13", "0.333333")]
    [InlineData("\\sqrt{2}", "1.41")]
    [InlineData("10^{100}", "10^{100}+1")]
    [InlineData(@"\sqrt{10^{6}+1}", "10^{3}")]
    [InlineData(@"\sqrt{10^{20}+1}", "10^{10}")]
    [InlineData("10^{-17}", @"3 \cdot 10^{-17}")]
    [InlineData("10^{10^{10^{10}}}", "10^{10}")]
    [InlineData("9^{9^{9^9}}", "9^{9^{9^8}}")]
    [InlineData("1011_2", "1011_3")]
    [InlineData(@"5 \text{ cm}", @"5 \text{ m}")]
    [InlineData("(1, 2)", "[1, 2]")]
    [InlineData("(1, 2)", "(2, 1)")]
    [InlineData("(1, 2)", @"\{1, 2\}")]
    [InlineData("(1, 2)", @"\begin{pmatrix} 1 \\ 2 \end{pmatrix}")]
    [InlineData("x = 5", "y = 5")]
    [InlineData("x > 3", "x \\ge 3")]
    [InlineData("x > 3", "x < 3")]
    [InlineData("2x + z = 1", "1")]
    [InlineData("32349", "32, 349")]
    [InlineData("1 1/2", "11/2")]
    [InlineData(@"\frac{1}{23}", @"\frac{12}{3}")]
    [InlineData("B", "C")]
    [InlineData("0.64N", "0.64")]
    [InlineData("2:10 \\text{ p.m.}", "2:10 \\text{ a.m.}")]
    [InlineData("|x-1|", "x-1")]
    [InlineData("1,5", "1.5")]
    [InlineData("e^{1000}", "e^{1001}")]
    [InlineData(@"\cos^{\frac{1}{2}}(2)", @"-\sqrt{\cos 2}")]
    [InlineData("5!", "5")]
    [InlineData("n!!", "n!")]
    [InlineData(@"\overline{z}", "z")]
    [InlineData("5\\%", "5^\\circ")]
    [InlineData(@"\{2k \mid k \in \mathbb{Z}\}", @"\{3k \mid k \in \mathbb{Z}\}")]
    [InlineData(@"\sum_{i=1}^{n}\sum_{j=1}^{i} j", @"\sum_{i=1}^{n}\sum_{j=1}^{i} i")]
    [InlineData("7 = 11a + c", "11a + c")]
    [InlineData("12:00", "1:00")]
    [InlineData(@"18^\circ", @"18^\prime")]
    [InlineData("(3, 2, 4)", "(3, 2, 4]")]
    [InlineData("(1, 1)", "[1, 1)")]
    [InlineData(@"5\%", @"5 \text{ cm}")]
    [InlineData("[1, 3]", "|x - 2| < 1")]
    [InlineData(@"(3, \infty)", "-2x > -6")]
    [InlineData(@"\int_0^1 x \, dx", @"\int_0^2 x \, dx")]
    [InlineData(@"\lim_{x \to 0} \frac{\sin x}{x}", @"\lim_{x \to \infty} \frac{\sin x}{x}")]
    [InlineData(@"\sum_{k=1}^{n} k^2", @"\frac{n(n+1)}{2}")]
    [InlineData("p=5, q=2; p=7, q=2", "(5,7), (2,2)")]
    [InlineData("15:10", "10:15")]
    public void These_are_not_the_same(string gold, string answer)
    {
        Assert.Equal(MathVerdictKind.Wrong, Judge.JudgeAnswer(gold, answer).Kind);
        Assert.Equal(MathVerdictKind.Wrong, Judge.JudgeAnswer(answer, gold).Kind);
    }

    [Theory]
    [InlineData(@"So $x=3$. Thus \boxed{\frac{1}{2}}, which is less than 7.", @"\frac{1}{2}")]
    [InlineData(@"<think>\boxed{3}</think> It is \boxed{4}.", "4")]
    [InlineData("<think>It is \\boxed{3}", null)]
    [InlineData("The answer is 2\\sqrt{5}. It took 3 steps.", @"2\sqrt{5}")]
    [InlineData("Final Answer: The largest $n$ is 34.", "34")]
    [InlineData("2 + 2 = 4\n#### 1,234 apples\nThat was 5 steps.", "1,234 apples")]
    [InlineData("She pays $5 and then $7.", "7")]
    [InlineData("$x = 1$ or $x = 2$", "$x = 1$ or $x = 2$")]
    [InlineData("I do not know.", null)]
    [InlineData("<answer>x^2 + 1</answer>", "x^2 + 1")]
    [InlineData(@"So he needs **2\sqrt{5}** apples.", @"2\sqrt{5}")]
    [InlineData("In all that is 2,74 metres.", "2,74")]
    [InlineData(@"$\boxed{1}\boxed{2}$", "1, 2")]
    [InlineData(@"$\boxed{3}$. So $\boxed{4}$.", "4")]
    [InlineData("The ratio is 2:3.", "2:3")]
    [InlineData("Yes.", "Yes.")]
    [InlineData("比例为13/28", "13/28")]
    public void The_answer_is_found_where_it_stands(string text, string? expected) => Assert.Equal(expected, Judge.Extract(text));

    /// <summary>Outside of formulas numbers count where they begin a word, and the candidate that ends last is the answer.</summary>
    [Theory]
    [InlineData("The answer is 2\\sqrt{5}.", "2")]
    [InlineData("Answer: x^2 - 3x + 2", "3")]
    [InlineData("The answer is (3, -1).", "-1")]
    [InlineData("He has 3 left.\n#### \\$18", "3")]
    [InlineData("{\"answer\": \"12\"}", null)]
    [InlineData("Answer: \\boxed {12}", null)]
    [InlineData(@"The answer is $\frac{3}{4}$. It took 12 steps.", "12")]
    [InlineData(@"#### $\{1, 2\}$", @"\{1, 2\}")]
    [InlineData(@"\begin{align*} x &= 3 + 4 \\ &= \{1, 2\} \end{align*}", "2")]
    public void Numbers_only_reads_as_Math_Verify_does(string text, string? expected) =>
        Assert.Equal(expected, new MathJudge(MathSettings.AsMathVerifyReads).Extract(text));

    [Theory]
    [InlineData("1,22", "1.22")]
    [InlineData("0,125", "The answer is 0.125")]
    public void A_comma_outside_of_formulas_can_be_a_decimal_point(string gold, string response) =>
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge(gold, response).Kind);

    [Fact]
    public void Conventions_are_options()
    {
        Assert.Equal(MathVerdictKind.Wrong, new MathJudge(new() { PercentIsNumber = false }).JudgeAnswer("63\\%", "63").Kind);
        Assert.Equal(MathVerdictKind.Wrong, new MathJudge(new() { DegreesAreNumbers = false }).JudgeAnswer("90^\\circ", "90").Kind);
        Assert.Equal(MathVerdictKind.Wrong, new MathJudge(new() { BaseMayBeLeftOut = false }).JudgeAnswer("1011_2", "1011").Kind);
        Assert.Equal(MathVerdictKind.Wrong, new MathJudge(new() { UnitMayBeLeftOut = false }).JudgeAnswer(@"5 \text{ cm}", "5").Kind);
        Assert.Equal(MathVerdictKind.Correct, new MathJudge(new() { UnitMayBeLeftOut = false }).JudgeAnswer(@"5 \text{ cm}", "5 cm").Kind);
        Assert.Equal(MathVerdictKind.Wrong, new MathJudge(new() { NameMayBeLeftOut = false }).JudgeAnswer("x = 5", "5").Kind);
        Assert.Equal(
            MathVerdictKind.Correct,
            new MathJudge(new() { PointsAreVectors = true }).JudgeAnswer("(1, 2)", @"\begin{pmatrix} 1 \\ 2 \end{pmatrix}").Kind
        );
        Assert.Equal(MathVerdictKind.Correct, new MathJudge(new() { RoundTo = 2 }).JudgeAnswer(@"\frac13", "0.33").Kind);
        Assert.Equal(
            MathVerdictKind.Correct,
            new MathJudge(new() { RelativeTolerance = 0.02 }).JudgeAnswer(@"7 \times 10^{35}", @"7.1 \cdot 10^{35}").Kind
        );
        Assert.Throws<ArgumentException>(() => new MathJudge(new() { Order = [] }));
    }

    [Fact]
    public void Faults_are_named_as_what_they_are()
    {
        Assert.Equal(MathVerdictKind.InvalidGold, Judge.Judge("", "5").Kind);
        Assert.Equal(MathVerdictKind.Unparseable, Judge.Judge("5", "I do not know.").Kind);
        Assert.Equal(MathVerdictKind.Unparseable, Judge.Judge("12", "The answer is 1", cutOff: true).Kind);
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge("12", "\\boxed{12} and", cutOff: true).Kind);
        Assert.Equal(MathVerdictKind.Correct, Judge.Judge("blue and red", "blue  and red").Kind);
        Assert.Equal(MathVerdictKind.Unparseable, Judge.Judge("blue and red", "blue and red", cutOff: true).Kind);
        Assert.Equal(MathVerdictKind.Unparseable, Judge.Judge("blue and red", "blue and green").Kind);
    }

    [Theory]
    [InlineData("(x+y+z+a+b+c)^{60}", "(x+y+z+a+b+c)^{59}")]
    [InlineData("x^{x^{x^{x^{x^x}}}}", "1")]
    [InlineData(@"\sum_{i=1}^{1999}\sum_{j=1}^{1999}\sum_{k=1}^{1999} ijk", "1")]
    [InlineData("999999999999999999999999999999999!", "1")]
    [InlineData(@"\sqrt{99999999999999999999999999999999999999999999999999977}", "1")]
    public void Work_without_end_is_cut_off_by_the_budget(string gold, string answer) =>
        Assert.NotEqual(MathVerdictKind.Correct, Judge.JudgeAnswer(gold, answer).Kind);

    [Fact]
    public void Deep_nesting_and_long_texts_are_refused()
    {
        foreach (
            string text in new[]
            {
                new string('(', 100_000),
                string.Concat(Enumerable.Repeat("\\frac{", 5000)),
                new string('-', 100_000),
                string.Concat(Enumerable.Repeat("\\text{", 600)) + "1" + new string('}', 600),
                new string('1', 100_000),
                string.Concat(Enumerable.Repeat("1,", 1900)) + "1",
            }
        )
        {
            Assert.NotEqual(MathVerdictKind.Correct, Judge.JudgeAnswer("5", text).Kind);
            Assert.NotEqual(MathVerdictKind.Correct, Judge.Judge("5", $"\\boxed{{{text}}}").Kind);
        }
    }

    /// <summary>Each of these took minutes or hundreds of megabytes once.</summary>
    [Theory]
    [InlineData("i", "x^2 + 2x +{0} 2147483648$")]
    [InlineData("i", "(0, 1] \\cup [2, \\{0}\\log{0}")]
    [InlineData("word", "$4$ {0}")]
    [InlineData("s x ", "$4$ 100{0}")]
    public void Long_words_in_a_reference_answer_get_a_verdict(string piece, string form)
    {
        string gold = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            form.Replace("{", "{{").Replace("}", "}}").Replace("{{0}}", "{0}"),
            string.Concat(Enumerable.Repeat(piece, 250))
        );
        Assert.False(new MathJudge().Judge(gold, "The answer is 5.").IsCorrect);
        Assert.False(new MathJudge().Judge("5", gold).IsCorrect);
    }
}
