using System.Diagnostics;
using System.Globalization;

namespace ICPO.Actors.Benchmarks;

/// <summary>Repeats of one figure.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of the figures, e.g. tok/s.</param>
/// <param name="Values">One per repeat.</param>
/// <param name="Target">What is asked of it where the product runs at <see cref="Products.Reference"/>; null where nothing is.</param>
internal sealed record Measurement(string Name, string Unit, double[] Values, double? Target = null)
{
    /// <summary>True where the target does not depend on how fast the machine computes.</summary>
    public bool IsFixed { get; init; }

    /// <summary>True where the target is the most that is allowed, whatever the machine.</summary>
    public bool IsLimit { get; init; }

    public double Median => Values.Order().ElementAt(Values.Length / 2);

    /// <summary>Runs <paramref name="work"/> once to warm up and then <paramref name="repeats"/> times.</summary>
    /// <param name="work">Returns how many units it made.</param>
    public static async Task<Measurement> TakeAsync(string name, string unit, int repeats, Func<Task<double>> work, double? target = null)
    {
        await work();
        double[] values = new double[repeats];
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            double units = await work();
            values[repeat] = units / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return new Measurement(name, unit, values, target);
    }

    /// <summary>What is asked of a machine of this speed.</summary>
    public double? TargetAt(double scale) => IsFixed || IsLimit ? Target : Target * scale;

    /// <summary>One line; the target is scaled by the product's speed in the same run.</summary>
    public string Line(double scale)
    {
        string form = Unit is "s" or "×" ? "n2" : "n0";
        string line = $"{Name, -44} {Number(Median), 10} {Unit, -8} ({Number(Values.Min())}–{Number(Values.Max())})";
        return TargetAt(scale) is { } target
            ? $"{line}  {(IsLimit ? "at most" : "target")} {Number(target), 8}  {((IsLimit ? Median <= target : Median >= target) ? "met" : "MISSED")}"
            : line;

        string Number(double value) => value.ToString(form, CultureInfo.InvariantCulture);
    }
}
