namespace ICPO.Actors.Algorithm.Statistics;

/// <summary>A confidence interval.</summary>
public readonly record struct Interval(double Low, double High);
