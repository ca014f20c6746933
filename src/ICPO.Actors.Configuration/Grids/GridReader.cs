using System.Collections.Immutable;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Grids;

/// <summary>Reads the section <c>compare</c> of one file.</summary>
internal sealed class GridReader(ConfigurationFile file)
{
    private const string Prefix = "icpo.";
    private static readonly string[] Scalars = ["baseline", "clock", "output", "parallel", "seeds"];

    /// <summary>Keys that the comparison sets itself.</summary>
    private static readonly string[] Reserved = ["run.directory", "run.id", "run.seed"];

    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

    public ComparisonGrid Read()
    {
        // For the same key the last value counts, in the place of the first.
        var values = HoconReader
            .Read(file.Text, file.Name)
            .Where(value => value.Key.StartsWith(ComparisonGrid.Section, StringComparison.Ordinal))
            .GroupBy(value => value.Key, (key, same) => same.Last() with { Key = key[ComparisonGrid.Section.Length..] })
            .ToImmutableArray();
        ImmutableArray<GridArm> arms = [.. Labeled(values, "arms.").Select(Arm)];
        ImmutableArray<GridCell> settings = [.. Labeled(values, "settings.").Select(Setting)];
        ImmutableArray<ConfigurationValue> axes = Inside(values, "axes.");
        foreach (ConfigurationValue value in values)
        {
            CheckKey(value);
        }

        ImmutableArray<GridCell> cells = GridCells.Multiply(settings, axes, _problems);
        CheckConflicts(arms, cells);
        return _problems.Count > 0
            ? throw new ConfigurationException(_problems.ToImmutable())
            : new ComparisonGrid
            {
                File = file.Name,
                Options = values
                    .Where(value => Scalars.Contains(value.Key))
                    .ToImmutableSortedDictionary(value => value.Key, Scalar, StringComparer.Ordinal),
                Presets = values.FirstOrDefault(value => value.Key == "presets") is { } presets ? Items(presets) : null,
                Arms = arms,
                Cells = cells,
            };
    }

    private static string Scalar(ConfigurationValue value) => value.Items is { } items ? string.Join(',', items) : value.Text;

    private static ImmutableArray<string> Items(ConfigurationValue value) =>
        value.Items ?? [.. value.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static ImmutableArray<ConfigurationValue> Inside(ImmutableArray<ConfigurationValue> values, string section) =>
        [
            .. values
                .Where(value => value.Key.StartsWith(section, StringComparison.Ordinal))
                .Select(value => value with { Key = value.Key[section.Length..] }),
        ];

    /// <summary>The values of a section by label, the first part of their keys; the key of a scalar without an object is empty.</summary>
    private IEnumerable<IGrouping<string, ConfigurationValue>> Labeled(ImmutableArray<ConfigurationValue> values, string section) =>
        Inside(values, section)
            .GroupBy(
                value => value.Key.Split('.')[0],
                value => value with { Key = value.Key.IndexOf('.') is >= 0 and var dot ? RunKey(value.Key[(dot + 1)..]) : "" }
            )
            .Where(group => CheckLabel(group.Key, group.First()));

    private GridArm Arm(IGrouping<string, ConfigurationValue> arm)
    {
        ConfigurationValue? chain = arm.FirstOrDefault(value => value.Key.Length == 0);
        if (chain is not null && arm.Count() > 1)
        {
            _problems.Add($"{chain.Source}: compare.arms.{arm.Key} is both a text and an object; write one of the two.");
        }

        return new GridArm(arm.Key, chain is null ? null : Scalar(chain), [.. arm.Where(value => value.Key.Length > 0).Select(Assignment)]);
    }

    private GridCell Setting(IGrouping<string, ConfigurationValue> setting)
    {
        if (setting.FirstOrDefault(value => value.Key.Length == 0) is { } scalar)
        {
            _problems.Add($"{scalar.Source}: compare.settings.{setting.Key} is not an object; write {{ key = value }}.");
        }

        return new GridCell(setting.Key, [.. setting.Where(value => value.Key.Length > 0).Select(Assignment)]);
    }

    internal static string RunKey(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : key;

    /// <summary>As <c>--set</c> reads it.</summary>
    private static string Assignment(ConfigurationValue value) => $"{value.Key}={HoconWriter.Value(value)}";

    private bool CheckLabel(string label, ConfigurationValue value)
    {
        bool isValid = label.Length > 0 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+' or '=');
        if (!isValid)
        {
            _problems.Add($"{value.Source}: '{label}' is not a label; use letters, digits, '-', '_', '+' and '='.");
        }

        return isValid;
    }

    private void CheckKey(ConfigurationValue value)
    {
        string[] parts = value.Key.Split('.', 3);
        bool isKnown =
            Scalars.Contains(value.Key) || value.Key == "presets" || (parts.Length > 1 && parts[0] is "arms" or "settings" or "axes");
        if (!isKnown)
        {
            _problems.Add(
                $"{value.Source}: unknown key compare.{value.Key}; the section compare has {string.Join(", ", Scalars)}, presets, "
                    + "arms.LABEL, settings.LABEL and axes.KEY."
            );
            return;
        }

        string key = RunKey(
            parts[0] switch
            {
                "axes" => value.Key["axes.".Length..],
                "arms" or "settings" => parts.Length > 2 ? parts[2] : "",
                _ => "",
            }
        );
        if (Reserved.Contains(key))
        {
            _problems.Add($"{value.Source}: {key} is set by the comparison; remove it, and use compare.seeds and compare.output.");
        }
    }

    private void CheckConflicts(ImmutableArray<GridArm> arms, ImmutableArray<GridCell> cells)
    {
        ILookup<string, string> cellsByKey = cells
            .SelectMany(cell => cell.Values.Select(value => (Key: value[..value.IndexOf('=')], cell.Label)))
            .ToLookup(pair => pair.Key, pair => pair.Label);
        foreach (GridArm arm in arms)
        {
            foreach (string key in arm.Values.Select(value => value[..value.IndexOf('=')]).Where(cellsByKey.Contains))
            {
                _problems.Add(
                    $"{file.Name}: the arm {arm.Label} and the setting {cellsByKey[key].First()} both set {key}; remove one of the two."
                );
            }
        }
    }
}
