using System.Diagnostics;
using System.Globalization;

namespace ICPO.Actors.Benchmarks;

/// <summary>Repeated measurements of one figure.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">Unit of the values, such as tok/s.</param>
/// <param name="Values">One value per repetition.</param>
/// <param name="Target">Target on a machine with <see cref="Products.Reference"/>; null if there is none.</param>
internal sealed record Measurement(string Name, string Unit, double[] Values, double? Target = null)
{
    /// <summary>True if the target does not depend on the machine's speed.</summary>
    public bool IsFixed { get; init; }

    /// <summary>True if the target is an upper limit that does not depend on the machine's speed.</summary>
    public bool IsLimit { get; init; }

    public double Median => Values.Order().ElementAt(Values.Length / 2);

    /// <summary>Runs <paramref name="work"/> once to warm up and then <paramref name="repeats"/> times.</summary>
    /// <param name="work">Returns the number of units it processed.</param>
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

    /// <summary>The target for a machine of this relative speed.</summary>
    public double? TargetAt(double scale) => IsFixed || IsLimit ? Target : Target * scale;

    /// <summary>One line of text, with the target scaled by the speed measured in the same run.</summary>
    public string Line(double scale)
    {
        string form = Unit is "s" or "ms" or "×" ? "n2" : "n0";
        string line = $"{Name, -44} {Number(Median), 10} {Unit, -8} ({Number(Values.Min())}–{Number(Values.Max())})";
        if (TargetAt(scale) is not { } target)
        {
            return line;
        }

        bool isMet = IsLimit ? Median <= target : Median >= target;
        return $"{line}  {(IsLimit ? "at most" : "target")} {Number(target), 8}  {(isMet ? "met" : "MISSED")}";

        string Number(double value) => value.ToString(form, CultureInfo.InvariantCulture);
    }
}
