using System.Collections.Immutable;
using System.Globalization;

namespace ICPO.Actors.Modeling.Objective.Masks;

/// <summary>The masks that a configuration can name, written as a name and its bounds: <c>token-ratio 0.5 2</c>.</summary>
public static class MaskRegistry
{
    private static readonly ImmutableSortedDictionary<string, Func<double?, double, TokenMask>> Known = Forms()
        .ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>The mask of an entry: a name, then an upper bound, or a lower and an upper one. Null if it is not valid.</summary>
    public static TokenMask? Parse(string entry)
    {
        string[] words = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (2 or 3) || !Known.TryGetValue(words[0], out Func<double?, double, TokenMask>? create))
        {
            return null;
        }

        double[] bounds = [.. words.Skip(1).Select(Number)];
        if (bounds.Any(double.IsNaN) || (bounds.Length == 2 && !(bounds[0] < bounds[1])))
        {
            return null;
        }

        try
        {
            return create(bounds.Length == 2 ? bounds[0] : null, bounds[^1]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<KeyValuePair<string, Func<double?, double, TokenMask>>> Forms()
    {
        foreach (MaskLevel level in Enum.GetValues<MaskLevel>())
        {
            foreach (MaskMetric metric in Enum.GetValues<MaskMetric>())
            {
                yield return new(DivergenceMask.NameOf(level, metric), (low, high) => new DivergenceMask(level, metric, low ?? 0, high));
            }
        }

        yield return new("second-moment", (low, high) => new SecondMoment(Single(low, high)));
        yield return new("negative-drift", (low, high) => new NegativeDrift(Single(low, high)));
    }

    private static double Single(double? low, double high) =>
        low is null ? high : throw new ArgumentException("The mask has one bound.", nameof(low));

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number >= 0
            ? number
            : double.NaN;
}
