using System.Collections.Immutable;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Grids;

/// <summary>
/// The section <c>compare</c> of a run file: arms × seeds × cells, where the cells are the named settings times the values of every axis.
/// The other keys of the file apply to all runs.
/// </summary>
public sealed record ComparisonGrid
{
    /// <summary>The prefix of the keys that are not part of a run's configuration.</summary>
    public const string Section = "compare.";

    /// <summary>The name of the file, for errors.</summary>
    public required string File { get; init; }

    /// <summary>Scalars of the section by name (seeds, baseline, clock, parallel, output); those that are not set are missing.</summary>
    public required ImmutableSortedDictionary<string, string> Options { get; init; }

    /// <summary>Presets that are an arm each; null if the file does not name any.</summary>
    public required ImmutableArray<string>? Presets { get; init; }

    /// <summary>Further arms, in file order.</summary>
    public required ImmutableArray<GridArm> Arms { get; init; }

    /// <summary>The conditions under which every arm runs; at least one.</summary>
    public required ImmutableArray<GridCell> Cells { get; init; }

    /// <summary>Reads the section <c>compare</c> of a file; without one the grid is a single cell.</summary>
    /// <exception cref="ConfigurationException">Lists every unknown key, invalid label and contradiction.</exception>
    public static ComparisonGrid Read(ConfigurationFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new GridReader(file).Read();
    }
}

/// <summary>An arm that the file defines: either its values or, as for <c>--arm</c>, a chain of stages.</summary>
/// <param name="Label">The name in tables and directories.</param>
/// <param name="Chain"><c>preset,key=value&gt;preset,…</c>; null if the arm is an object.</param>
/// <param name="Values">The values that it sets, as <c>key=value</c>.</param>
public sealed record GridArm(string Label, string? Chain, ImmutableArray<string> Values);

/// <summary>A condition under which every arm runs.</summary>
/// <param name="Label">The name in tables and directories; empty if there is only one condition.</param>
/// <param name="Values">The values that it sets, as <c>key=value</c>.</param>
public sealed record GridCell(string Label, ImmutableArray<string> Values)
{
    /// <summary>The single cell of a comparison without settings and axes.</summary>
    public static GridCell Only { get; } = new("", []);
}
