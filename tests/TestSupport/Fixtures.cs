using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace TestSupport;

/// <summary>
/// Reference values: the repository's own in <c>tests/ReferenceValues</c>, and those of other software in the folder that ICPO_FIXTURES
/// names, by default <c>../shared/fixtures</c> beside the repository.
/// </summary>
public static class Fixtures
{
    /// <summary>The folder of other software's values; null if it does not exist.</summary>
    public static string? Root { get; } = Directory.Exists(Named) ? Named : null;

    /// <summary>This folder in every place that has it, the repository's own first.</summary>
    public static IReadOnlyList<string> Find(string sub) =>
        [
            .. new[] { Repository.In("tests", "ReferenceValues"), Named }
                .Select(root => Path.GetFullPath(Path.Combine(root, sub)))
                .Where(Path.Exists),
        ];

    /// <summary>The directories in this folder, in both places; skips the test if neither has it.</summary>
    public static List<string> Directories(string sub) =>
        [.. Existing(sub).SelectMany(Directory.GetDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The files in this folder and below it, in both places; skips the test if neither has it.</summary>
    public static List<string> Files(string sub, string pattern) =>
        [
            .. Existing(sub)
                .SelectMany(folder => Directory.GetFiles(folder, pattern, SearchOption.AllDirectories))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// A folder of other software's values (or beside them, e.g. "../data/x"); skips the test if it does not exist.
    /// </summary>
    public static string Require(string sub)
    {
        string path = Place(sub);
        Assert.SkipUnless(Path.Exists(path), Absent(sub));
        return path;
    }

    /// <summary>A folder of other software's values; skips the test if it does not exist.</summary>
    public static string Folder(string name) => Require(name);

    /// <summary>A file of the real data sets, which are stored beside the fixtures.</summary>
    public static string Data(string name) => Require(Path.Combine("..", "data", name));

    /// <summary>The path of something among other software's values, whether it exists or not.</summary>
    public static string Place(string name) => Path.GetFullPath(Path.Combine(Named, name));

    public static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    /// <summary>Fails unless |actual − expected| ≤ tolerance element by element; the message names the largest difference.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} values where {expected.Length} are expected");
        (double worst, int at) = (0, 0);
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
            $"{what}: off by {worst:g3} at {at} ({ValueAt(actual, at)} where {ValueAt(expected, at)} is expected; limit {tolerance:g3})"
        );

        static double ValueAt(ReadOnlySpan<double> values, int index) => values.IsEmpty ? double.NaN : values[index];
    }

    /// <summary>Writes how many cases applied to the test's output; fails if none did.</summary>
    public static void Count(int applied, int skipped, string rule, [CallerMemberName] string test = "")
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{test}: {applied} cases, {skipped} skipped ({rule})");
        Assert.True(applied > 0, $"{test}: no case applies ({rule})");
    }

    private static string Named =>
        Environment.GetEnvironmentVariable("ICPO_FIXTURES") is { Length: > 0 } named ? named : Repository.In("..", "shared", "fixtures");

    private static IReadOnlyList<string> Existing(string sub)
    {
        IReadOnlyList<string> found = Find(sub);
        Assert.SkipWhen(found.Count == 0, Absent(sub));
        return found;
    }

    private static string Absent(string sub) =>
        $"The optional reference values '{sub}' are not part of the repository and not in {Path.GetFullPath(Named)}; "
        + "set ICPO_FIXTURES to a folder that has them.";
}
