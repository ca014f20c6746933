using System.Text.Json;
using ICPO.Actors.Modeling.Objective;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Objective;

/// <summary>Reads the ragged rows of the objective's reference values.</summary>
internal static class Reference
{
    /// <summary>Every case of every file; tests select those whose form they know.</summary>
    public static IReadOnlyList<JsonElement> Cases { get; } = Load();

    public static double Number(JsonElement element) =>
        element.ValueKind is JsonValueKind.String
            ? element.GetString() switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                var other => throw new InvalidDataException($"Not a number: {other}"),
            }
            : element.GetDouble();

    /// <summary>A list of numbers, or a list of lists one after another.</summary>
    public static double[] Flat(JsonElement element) =>
        [.. element.EnumerateArray().SelectMany(item => item.ValueKind is JsonValueKind.Array ? Flat(item) : [Number(item)])];

    public static bool Has(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out _))
            {
                return false;
            }
        }

        return true;
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string Kind(this JsonElement element) => element.Has("kind") ? element.Text("kind") : "";

    /// <summary>A number that may be absent or null.</summary>
    public static double? Optional(this JsonElement element, string name) =>
        element.Has(name) && element.GetProperty(name).ValueKind is not JsonValueKind.Null ? Number(element.GetProperty(name)) : null;

    /// <summary>
    /// |actual − expected| ≤ atol + rtol·max(|expected|, magnitude) with the case's own tolerances, everywhere. A magnitude is
    /// given where the value is a sum whose terms cancel and the source's own 1e-8 in a denominator moves each term.
    /// </summary>
    public static void Close(
        JsonElement @case,
        ReadOnlySpan<double> expected,
        ReadOnlySpan<double> actual,
        string what,
        double magnitude = 0
    )
    {
        double rtol = @case.GetProperty("rtol").GetDouble(),
            atol = @case.GetProperty("atol").GetDouble();
        Assert.True(expected.Length == actual.Length, $"{@case.Text("id")} {what}: {actual.Length} values for {expected.Length}");
        for (int i = 0; i < expected.Length; i++)
        {
            bool same =
                expected[i].Equals(actual[i])
                || Math.Abs(actual[i] - expected[i]) <= atol + rtol * Math.Max(Math.Abs(expected[i]), magnitude);
            Assert.True(same, $"{@case.Text("id")} {what}[{i}]: {actual[i]:r} where {expected[i]:r} is expected");
        }
    }

    private static JsonElement[] Load()
    {
        return
        [
            .. Fixtures
                .Find("objective")
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
                .Select(Fixtures.Json)
                .Where(file => file.Has("cases"))
                .SelectMany(file => file.GetProperty("cases").EnumerateArray()),
        ];
    }
}

/// <summary>A batch of the reference values as flat float64 tensors.</summary>
internal sealed class ReferenceBatch
{
    private readonly JsonElement _json;
    private readonly long[] _rows;

    private ReferenceBatch(JsonElement json)
    {
        _json = json;
        int[] lengths = [.. json.GetProperty("mask").EnumerateArray().Select(row => row.GetArrayLength())];
        _rows = [.. lengths.SelectMany((length, row) => Enumerable.Repeat((long)row, length))];
        Mask = Reference.Flat(json.GetProperty("mask"));
        Count = lengths.Length;
        NonEmpty = json.GetProperty("mask").EnumerateArray().Count(row => Reference.Flat(row).Sum() > 0);
    }

    public static IReadOnlyDictionary<string, ReferenceBatch> All { get; } =
        Reference.Cases.Where(c => c.Has("logp", "beh", "mask", "adv_std")).ToDictionary(c => c.Text("id"), c => new ReferenceBatch(c));

    public double[] Mask { get; }

    /// <summary>Responses, fully masked ones too.</summary>
    public int Count { get; }

    public int NonEmpty { get; }

    public double Tokens => Mask.Sum();

    public double Width => _json.GetProperty("width").GetDouble();

    public long Version => _json.GetProperty("current_version").GetInt64();

    /// <summary>Largest |log-ratio| between two of the batch's policies.</summary>
    public double Spread(string one, string other) =>
        Reference.Flat(_json.GetProperty(one)).Zip(Reference.Flat(_json.GetProperty(other)), (a, b) => Math.Abs(a - b)).Max();

    /// <param name="logProbs">The tensor to differentiate.</param>
    /// <param name="advantage">Which advantage field.</param>
    /// <param name="origins">Whether origins are told apart; else all is policy-origin.</param>
    /// <param name="totals">Denominators.</param>
    public ObjectiveInputs Inputs(Tensor logProbs, string advantage, bool origins, ObjectiveTotals totals) =>
        new()
        {
            LogProbs = logProbs,
            Behaviour = Values("beh"),
            Proximal = Values("old"),
            Reference = Values("ref"),
            Mask = tensor(Mask),
            Sequence = tensor(_rows),
            Expert = origins ? Values("origin") > 0 : zeros(Count, dtype: ScalarType.Bool),
            Advantage = Values(advantage),
            Versions = Values("version"),
            CurrentVersion = Version,
            Totals = totals,
        };

    public Tensor Values(string field) => tensor(Reference.Flat(_json.GetProperty(field)));
}
