using System.Collections.Immutable;
using System.Text.Json;
using ICPO.DataFiles;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Removes questions that are too easy or too hard, by the fraction of correct answers of some policy.</summary>
internal static class PassRates
{
    /// <exception cref="InvalidDataException">The pass rate file cannot be read or does not contain a question.</exception>
    public static ImmutableArray<DataRow> Filter(ImmutableArray<DataRow> rows, JsonlSettings settings)
    {
        Dictionary<string, double>? known = settings.PassRatePath is { } path ? Read(path) : null;
        if (known is null && settings.Fields.PassRate is null)
        {
            return rows;
        }

        return [.. rows.Where(row => Rate(row) is var rate && rate >= settings.MinimumPassRate && rate <= settings.MaximumPassRate)];

        double Rate(DataRow row)
        {
            if (known is null)
            {
                return row.PassRate!.Value;
            }

            if (known.TryGetValue(row.Question.Id, out double rate))
            {
                return rate;
            }

            throw new InvalidDataException(
                $"{settings.PassRatePath}: no pass rate for the question '{row.Question.Id}'; measure it too, or "
                    + "train on the measured questions only."
            );
        }
    }

    private static string Text(DataRecord record, JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw record.Error("the field 'id' holds half of a surrogate pair; fix the escape", error);
        }
    }

    private static Dictionary<string, double> Read(string path)
    {
        Dictionary<string, double> rates = new(StringComparer.Ordinal);
        foreach (DataRecord record in DataFile.Records(path))
        {
            string id = Rows.Find(record.Fields, "id") switch
            {
                { ValueKind: JsonValueKind.String } text => Text(record, text),
                { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
                _ => throw record.Error(
                    "the field 'id' is missing or neither a string nor a number; each line has the id and the pass_rate of a question"
                ),
            };
            if (
                Rows.Find(record.Fields, "pass_rate") is not { ValueKind: JsonValueKind.Number } value
                || !value.TryGetDouble(out double rate)
                || rate is not (>= 0 and <= 1)
            )
            {
                throw record.Error("the field 'pass_rate' is missing or not a number from 0 to 1");
            }

            if (!rates.TryAdd(id, rate))
            {
                throw record.Error($"the id '{id}' was already given; keep one of its lines");
            }
        }

        return rates;
    }
}
