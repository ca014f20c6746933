using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Tasks.Arithmetic;

/// <summary>A question of the task <c>arithmetic</c> with its worked answer.</summary>
/// <param name="Text"><c>What is 61 + 84?</c></param>
/// <param name="Steps"><c>61 + 84 = 145.</c></param>
/// <param name="Answer">The number, in digits.</param>
public sealed record ArithmeticProblem(string Text, string Steps, string Answer)
{
    /// <summary>The worked answer without its terminator: <c>61 + 84 = 145. The answer is 145.</c></summary>
    public string Solution => $"{Steps} The answer is {Answer}.";
}

/// <summary>
/// One kind of arithmetic question. A fifth of each is held out by a hash of the question: the split is part of the task, not of a run's
/// seed.
/// </summary>
public sealed class ArithmeticFamily
{
    private const ulong SplitSeed = 0x5EED_0003;
    private const double HeldOutShare = 0.2;

    private ArithmeticFamily(string name, int poolLimit, IEnumerable<ArithmeticProblem> problems)
    {
        (Name, PoolLimit) = (name, poolLimit);
        ILookup<bool, ArithmeticProblem> split = problems.ToLookup(problem => IsHeldOut(problem.Text));
        (Training, HeldOut) = ([.. split[false]], [.. split[true]]);
    }

    /// <summary>
    /// Sums of two numbers of two digits (8,100 questions), products of 2 to 12 (121), a · b + c with digits from 2 up (512).
    /// </summary>
    public static ImmutableArray<ArithmeticFamily> All { get; } =
    [
        new(
            "addition",
            int.MaxValue,
            from a in Enumerable.Range(10, 90)
            from b in Enumerable.Range(10, 90)
            select new ArithmeticProblem($"What is {a} + {b}?", $"{a} + {b} = {a + b}.", $"{a + b}")
        ),
        // A quarter of the training products: with more of them, little would be left to learn.
        new(
            "product",
            24,
            from a in Enumerable.Range(2, 11)
            from b in Enumerable.Range(2, 11)
            select new ArithmeticProblem($"What is {a} times {b}?", $"{a} times {b} = {a * b}.", $"{a * b}")
        ),
        new(
            "two-step",
            int.MaxValue,
            from a in Enumerable.Range(2, 8)
            from b in Enumerable.Range(2, 8)
            from c in Enumerable.Range(2, 8)
            select new ArithmeticProblem(
                $"What is {a} * {b} + {c}?",
                $"{a} * {b} = {a * b}. {a * b} + {c} = {(a * b) + c}.",
                $"{(a * b) + c}"
            )
        ),
    ];

    public string Name { get; }

    /// <summary>Maximum number of solved examples of this family in a pool.</summary>
    public int PoolLimit { get; }

    /// <summary>Questions for training and pools.</summary>
    public ImmutableArray<ArithmeticProblem> Training { get; }

    /// <summary>Questions that are never in training or a pool.</summary>
    public ImmutableArray<ArithmeticProblem> HeldOut { get; }

    /// <summary>The family of a question; null for another text.</summary>
    public static ArithmeticFamily? Find(string question)
    {
        if (question.Contains(" times ", StringComparison.Ordinal))
        {
            return All[1];
        }

        if (question.Contains(" * ", StringComparison.Ordinal))
        {
            return All[2];
        }

        if (question.Contains(" + ", StringComparison.Ordinal))
        {
            return All[0];
        }

        return null;
    }

    public static bool IsHeldOut(string question) => new RandomStream(Seed.Derive(SplitSeed, question)).NextDouble() < HeldOutShare;
}
