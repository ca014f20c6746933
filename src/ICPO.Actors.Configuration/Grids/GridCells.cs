using System.Collections.Immutable;
using ICPO.Actors.Configuration.Hocon;

namespace ICPO.Actors.Configuration.Grids;

/// <summary>The cells of a grid: every named setting with every combination of the axes' values.</summary>
internal static class GridCells
{
    private const int MaxCells = 10_000;

    /// <param name="settings">Named settings; none is one without a name.</param>
    /// <param name="axes">A key and its values each; a scalar is one value.</param>
    /// <param name="problems">Receives one sentence for each contradiction.</param>
    public static ImmutableArray<GridCell> Multiply(
        ImmutableArray<GridCell> settings,
        ImmutableArray<ConfigurationValue> axes,
        ImmutableArray<string>.Builder problems
    )
    {
        ImmutableArray<GridCell> cells = settings.IsEmpty ? [GridCell.Only] : settings;
        foreach (ConfigurationValue axis in axes)
        {
            string key = GridReader.RunKey(axis.Key);
            ImmutableArray<string> values = axis.Items ?? [axis.Text];
            if (values.IsEmpty || values.Distinct().Count() < values.Length)
            {
                problems.Add($"{axis.Source}: compare.axes.{key} needs different values, at least one.");
            }

            if ((long)cells.Length * values.Length > MaxCells)
            {
                problems.Add($"{axis.Source}: the grid has more than {MaxCells} cells; remove values of compare.axes.");
                break;
            }

            string name = Name(key, axes);
            cells =
            [
                .. cells.SelectMany(cell =>
                    values.Select(value => new GridCell(
                        $"{cell.Label}{(cell.Label.Length > 0 ? "," : "")}{name}={FileName(value)}",
                        [.. cell.Values, $"{key}={HoconWriter.Scalar(value)}"]
                    ))
                ),
            ];
        }

        foreach (IGrouping<string, GridCell> same in cells.GroupBy(cell => cell.Label).Where(group => group.Count() > 1))
        {
            problems.Add($"compare: {same.Count()} cells of the grid have the name {same.Key}; use values that differ in their letters.");
        }

        foreach (GridCell cell in cells)
        {
            CheckKeys(cell, problems);
        }

        return cells;
    }

    private static void CheckKeys(GridCell cell, ImmutableArray<string>.Builder problems)
    {
        IEnumerable<string> keys = cell.Values.Select(value => value[..value.IndexOf('=')]);
        if (keys.GroupBy(key => key).FirstOrDefault(group => group.Count() > 1) is { Key: var key })
        {
            problems.Add($"compare: {key} is set by both a setting and an axis in the cell {cell.Label}; remove one of the two.");
        }
    }

    /// <summary>The last part of the key if no other axis has it, otherwise the key.</summary>
    private static string Name(string key, ImmutableArray<ConfigurationValue> axes)
    {
        string last = Last(key);
        return axes.Count(axis => Last(axis.Key) == last) == 1 ? last : key;
    }

    private static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static string FileName(string value) =>
        string.Concat(value.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' ? c : '_'));
}
