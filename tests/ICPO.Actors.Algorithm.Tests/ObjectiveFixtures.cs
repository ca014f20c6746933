using System.Text.Json;

namespace ICPO.Actors.Algorithm.Tests;

/// <summary>
/// Reference values: every JSON file of the folders <c>objective</c>. A test takes the cases whose form it knows from any file, so more
/// cases of the same form need no change here.
/// </summary>
internal static class ObjectiveFixtures
{
    private static readonly Lazy<JsonElement[]> _documents = new(() => [.. Fixtures.Files("objective", "*.json").Select(Fixtures.Json)]);

    /// <summary>The root of every file.</summary>
    public static JsonElement[] Documents => _documents.Value;

    /// <summary>The cases that have all of these fields.</summary>
    public static IEnumerable<JsonElement> Cases(params string[] fields) =>
        Documents.SelectMany(Cases).Where(c => fields.All(field => c.TryGetProperty(field, out _)));

    public static IEnumerable<JsonElement> Cases(JsonElement document) =>
        document.TryGetProperty("cases", out JsonElement cases) && cases.ValueKind == JsonValueKind.Array ? cases.EnumerateArray() : [];

    /// <summary>Writes how many cases were compared and skipped; fails if none was compared.</summary>
    public static void Report(int compared, int skipped, string rule)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} cases compared, {skipped} skipped ({rule})");
        Assert.True(compared > 0, "No case was applicable.");
    }
}

internal static class JsonExtensions
{
    public static string Id(this JsonElement element) => element.GetProperty("id").GetString()!;

    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static double Number(this JsonElement element, string name) => Number(element.GetProperty(name));

    public static double Number(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String
            ? double.Parse(element.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : element.GetDouble();

    public static double[] Numbers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(Number)];

    public static int[] Integers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    /// <summary>Asserts |x − want| ≤ atol + rtol·|want| with the case's own limits.</summary>
    public static void Near(this JsonElement fixture, double want, double actual, string what)
    {
        double limit = fixture.Number("atol") + (fixture.Number("rtol") * Math.Abs(want));
        Assert.True(want.Equals(actual) || Math.Abs(want - actual) <= limit, $"{fixture.Id()} {what}: want {want:R}, got {actual:R}");
    }

    public static void Near(this JsonElement fixture, double[] want, double[] actual, string what)
    {
        Assert.Equal(want.Length, actual.Length);
        for (int i = 0; i < want.Length; i++)
        {
            fixture.Near(want[i], actual[i], $"{what}[{i}]");
        }
    }
}
