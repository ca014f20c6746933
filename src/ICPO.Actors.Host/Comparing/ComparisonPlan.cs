using System.Collections.Immutable;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Grids;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Comparing;

/// <summary>The runs of a comparison: arms × seeds × cells.</summary>
internal sealed record ComparisonPlan
{
    public required ImmutableArray<Arm> Arms { get; init; }

    public required ImmutableArray<ulong> Seeds { get; init; }

    /// <summary>The conditions under which every arm runs; at least one.</summary>
    public required ImmutableArray<GridCell> Cells { get; init; }

    /// <summary>The directory of runs and tables.</summary>
    public required string Output { get; init; }

    public ImmutableArray<string> Labels => [.. Arms.Select(arm => arm.Label)];

    /// <summary>The directory of a cell's runs: the output itself for a cell without a name.</summary>
    public string Directory(GridCell cell) => cell.Label.Length > 0 ? Path.Combine(Output, cell.Label) : Output;

    /// <summary>All chains, by seed, so that a temporary slowdown of the machine affects all cells and arms.</summary>
    /// <param name="load">Creates a configuration from overrides.</param>
    /// <exception cref="ConfigurationException">The values of an arm or of a cell are invalid; names both.</exception>
    public ImmutableArray<ArmChain> CreateChains(Func<IEnumerable<string>, IcpoConfiguration> load) =>
        [.. Seeds.SelectMany(seed => Cells.SelectMany(cell => Arms.Select(arm => Create(arm, cell, seed, load))))];

    private ArmChain Create(Arm arm, GridCell cell, ulong seed, Func<IEnumerable<string>, IcpoConfiguration> load)
    {
        try
        {
            return arm.CreateRuns(values => load([.. cell.Values, .. values]), Directory(cell), seed) with { Cell = cell.Label };
        }
        catch (ConfigurationException e) when (cell.Label.Length > 0)
        {
            throw new ConfigurationException([.. e.Problems.Select(problem => $"{cell.Label}, arm {arm.Label}: {problem}")]);
        }
    }

    /// <exception cref="UsageException">There are fewer than two arms, or two have the same label.</exception>
    public ComparisonPlan RequireDistinctArms()
    {
        ImmutableArray<string> labels = Labels;
        return labels.Length >= 2 && labels.Distinct().Count() == labels.Length
            ? this
            : throw new UsageException(
                $"compare needs at least two arms with different labels, but has {(labels.IsEmpty ? "none" : string.Join(", ", labels))}."
            );
    }
}
