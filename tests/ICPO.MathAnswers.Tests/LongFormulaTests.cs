namespace ICPO.MathAnswers.Tests;

/// <summary>Formulas of many parts are judged in memory that grows with their length.</summary>
public sealed class LongFormulaTests
{
    private const string Matrix = @"\begin{pmatrix}1&2\\3&4\end{pmatrix}";
    private static readonly MathJudge Judge = new();

    public static TheoryData<string, string> Formulas =>
        new()
        {
            { "factors", string.Concat(Enumerable.Repeat("s x ", 2000)) },
            { "factors after dots", @"1+2+\dots+100" + string.Concat(Enumerable.Repeat("s x ", 2000)) },
            { "summands", string.Join(" + ", Enumerable.Repeat("x", 3000)) },
            { "signs", string.Join(" - ", Enumerable.Repeat("x y", 2000)) },
            { "matrices of numbers", string.Concat(Enumerable.Repeat(Matrix, 200)) },
            { "matrices and a name", "c" + string.Concat(Enumerable.Repeat(Matrix, 200)) },
            { "sums of matrices", string.Join(" + ", Enumerable.Repeat(Matrix, 200)) },
            { "matrices of names", string.Concat(Enumerable.Repeat(@"\begin{pmatrix}a&b\\c&d\end{pmatrix}", 200)) },
        };

    [Theory]
    [MemberData(nameof(Formulas), DisableDiscoveryEnumeration = true)]
    public void A_long_formula_costs_memory_in_proportion(string kind, string formula)
    {
        Assert.NotEmpty(kind);
        Untrusted.Read(formula.Length, () =>
        {
            Judge.JudgeAnswer(@"(0, 1] \cup [2, \infty)", formula);
            Judge.JudgeAnswer(formula, "x" + formula);
            Judge.Judge(formula, "The answer is $" + formula + "$.");
        });
    }

    [Theory]
    [InlineData(1, @"\begin{pmatrix}1&2\\3&4\end{pmatrix}", true)]
    [InlineData(2, @"\begin{pmatrix}7&10\\15&22\end{pmatrix}", true)]
    [InlineData(3, @"\begin{pmatrix}37&54\\81&118\end{pmatrix}", true)]
    [InlineData(3, @"\begin{pmatrix}37&54\\81&119\end{pmatrix}", false)]
    [InlineData(10, @"\begin{pmatrix}4783807&6972050\\10458075&15241882\end{pmatrix}", true)]
    [InlineData(10, @"\begin{pmatrix}4783807&6972050\\10458075&15241883\end{pmatrix}", false)]
    public void A_product_of_matrices_of_numbers_is_computed_exactly(int factors, string gold, bool correct) =>
        Assert.Equal(correct, Judge.JudgeAnswer(gold, string.Concat(Enumerable.Repeat(Matrix, factors))).Kind == MathVerdictKind.Correct);
}
