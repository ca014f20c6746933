using System.Collections.Immutable;

namespace ICPO.Actors.Algorithm.Health;

/// <summary>The last samples of a run, oldest first.</summary>
/// <param name="Samples">At least one.</param>
/// <param name="Length">Samples that a condition must hold for.</param>
public sealed record HealthWindow(ImmutableArray<HealthSample> Samples, int Length)
{
    /// <summary>True once enough has happened for a lasting condition.</summary>
    public bool IsFull => Samples.Length >= Length;

    public HealthSample Latest => Samples[^1];

    /// <summary>A metric of the newest sample; null if it has none.</summary>
    public double? Now(string metric) => Latest.Metrics.TryGetValue(metric, out double value) ? value : null;

    /// <summary>A metric's mean; null before the window is full, or if a sample has none.</summary>
    public double? Mean(string metric) =>
        IsFull && Samples.All(sample => sample.Metrics.ContainsKey(metric)) ? Samples.Average(sample => sample.Metrics[metric]) : null;

    /// <summary>A metric's maximum; null before the window is full, or if a sample has none.</summary>
    public double? Max(string metric) =>
        IsFull && Samples.All(sample => sample.Metrics.ContainsKey(metric)) ? Samples.Max(sample => sample.Metrics[metric]) : null;

    /// <summary>The share of one count in another; null before the window is full, or if nothing was counted.</summary>
    public double? Share(Func<HealthSample, double> part, Func<HealthSample, double> whole)
    {
        double all = Samples.Sum(whole);
        return IsFull && all > 0 ? Samples.Sum(part) / all : null;
    }
}
