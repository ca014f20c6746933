using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Arithmetic;

/// <summary>
/// The solved examples: training questions of all families in equal parts, as far as a family has enough (104 are 40, 24 and 40; 12 are 4
/// of
/// each). A smaller pool is a subset of a larger one, so that pools of different size differ in nothing else.
/// </summary>
internal static class ArithmeticPool
{
    private const ulong PoolSeed = 0x5EED_0004;

    public static ImmutableArray<Demonstration> Make(int count) =>
        [.. ArithmeticFamily.All.Zip(Shares(count)).SelectMany(share => Examples(share.First).Take(share.Second))];

    /// <summary>The number of examples of each family, in family order.</summary>
    private static int[] Shares(int count)
    {
        int[] shares = new int[ArithmeticFamily.All.Length];
        while (count > 0)
        {
            foreach ((int place, ArithmeticFamily family) in ArithmeticFamily.All.Index())
            {
                if (count > 0 && shares[place] < Math.Min(family.PoolLimit, family.Training.Length))
                {
                    shares[place]++;
                    count--;
                }
            }
        }

        return shares;
    }

    private static IEnumerable<Demonstration> Examples(ArithmeticFamily family)
    {
        ArithmeticProblem[] problems = [.. family.Training];
        new RandomStream(Seed.Derive(PoolSeed, family.Name)).Shuffle<ArithmeticProblem>(problems);
        return problems.Select(problem => new Demonstration
        {
            Id = problem.Text,
            Question = problem.Text,
            Solution = problem.Solution,
            Answer = problem.Answer,
            Tags = ArithmeticTask.Tags(family),
        });
    }
}
