using System.Collections.Immutable;
using ICPO.Actors.Configuration.Grids;

namespace ICPO.Actors.Host.Comparing;

/// <summary>The comparison of every cell of a grid, with the runs that failed.</summary>
/// <param name="Cells">In the order of the plan; one without a name if the plan has no settings and axes.</param>
/// <param name="Failures">In all cells.</param>
internal sealed record ComparisonSuite(ImmutableArray<CellComparison> Cells, ImmutableArray<FailedRun> Failures)
{
    /// <summary>True if the plan has no settings and axes.</summary>
    public bool IsSingle => Cells is [{ Cell.Label: "" }];

    /// <summary>Reads the complete runs.</summary>
    /// <param name="plan">What was run.</param>
    /// <param name="chains">All chains of the plan.</param>
    /// <param name="failures">The runs that failed.</param>
    /// <param name="baseline">The arm that the others are compared with.</param>
    /// <param name="clock">The arm whose end determines the seconds.</param>
    /// <exception cref="InvalidDataException">A run has no evaluation.</exception>
    public static ComparisonSuite Read(
        ComparisonPlan plan,
        ImmutableArray<ArmChain> chains,
        ImmutableArray<FailedRun> failures,
        string baseline,
        string clock
    )
    {
        HashSet<(string, string, ulong)> failed = [.. failures.Select(f => (f.Cell, f.Arm, f.Seed))];
        ILookup<string, ArmRun> runs = chains
            .Where(chain => !failed.Contains((chain.Cell, chain.Arm, chain.Seed)))
            .ToLookup(chain => chain.Cell, ArmRun.Read);
        return new ComparisonSuite([.. plan.Cells.Select(Compare)], failures);

        CellComparison Compare(GridCell cell)
        {
            ImmutableArray<ArmRun> complete = [.. runs[cell.Label]];
            return new CellComparison(
                cell,
                complete.IsEmpty ? null : Comparison.Create(plan.Labels, plan.Seeds, complete, baseline, clock)
            );
        }
    }
}

/// <summary>A cell of a grid.</summary>
/// <param name="Cell">Its name and values.</param>
/// <param name="Comparison">Its arms; null if all of its runs failed.</param>
internal sealed record CellComparison(GridCell Cell, Comparison? Comparison);
