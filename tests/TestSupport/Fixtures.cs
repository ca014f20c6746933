using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace TestSupport;

/// <summary>
/// Reference values created by other software, in the folder that ICPO_FIXTURES names, default ../shared/fixtures next to the repository.
/// </summary>
public static class Fixtures
{
    /// <summary>The folder; null if it does not exist.</summary>
    public static string? Root { get; } = Find();

    /// <summary>
    /// A folder of the fixtures (or next to them, such as "../data/x"). If it does not exist, the test is skipped with a reason.
    /// </summary>
    public static string Require(string sub)
    {
        string? path = Root is null ? null : Path.GetFullPath(Path.Combine(Root, sub));
        Assert.SkipWhen(path is null || !Path.Exists(path), $"No reference values: {path ?? "no fixtures folder"} (set ICPO_FIXTURES).");
        return path!;
    }

    /// <summary>A folder of the fixtures. If it does not exist, the test is skipped with a reason.</summary>
    public static string Folder(string name) => Require(name);

    /// <summary>A file of the real data sets, which are stored next to the fixtures.</summary>
    public static string Data(string name) => Require(Path.Combine("..", "data", name));

    /// <summary>The path of a fixture, whether or not it exists.</summary>
    public static string Place(string name) => Path.GetFullPath(Path.Combine(Named, name));

    public static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    /// <summary>Fails unless |actual − expected| ≤ tolerance element by element; the message names the largest difference.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} values where {expected.Length} are expected");
        (double worst, int at) = (0.0, -1);
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(expected[i] - actual[i]);
            if (!(difference <= worst))
            {
                (worst, at) = (double.IsNaN(difference) ? double.PositiveInfinity : difference, i);
            }
        }

        Assert.True(
            worst <= tolerance,
            $"{what}: off by {worst:g3} at {at} ({(at < 0 ? 0 : actual[at])}, expected {(at < 0 ? 0 : expected[at])}; limit {tolerance:g3})"
        );
    }

    /// <summary>Writes the number of applicable cases to the test output; fails if there are none.</summary>
    public static void Count(int applied, int skipped, string rule, [CallerMemberName] string test = "")
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{test}: {applied} cases, {skipped} skipped ({rule})");
        Assert.True(applied > 0, $"{test}: no case applies ({rule})");
    }

    private static string Named =>
        Environment.GetEnvironmentVariable("ICPO_FIXTURES") is { Length: > 0 } named ? named : Repository.In("..", "shared", "fixtures");

    private static string? Find() => Directory.Exists(Named) ? Named : null;
}
