using System.Collections.Immutable;
using ICPO.DataFiles;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Reads the rows of a data set as questions with gold answers and solutions.</summary>
public static class DataRows
{
    /// <exception cref="InvalidDataException">The file or a row of it cannot be read.</exception>
    public static ImmutableArray<DataRow> Read(string path, FieldMapping fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ImmutableArray<DataRow>.Builder rows = ImmutableArray.CreateBuilder<DataRow>();
        Dictionary<string, string> places = new(StringComparer.Ordinal);
        RowReader? reader = null;
        foreach (DataRecord record in DataFile.Records(path))
        {
            reader ??= RowReader.For(record, fields);
            DataRow row = reader.Read(record);
            if (!places.TryAdd(row.Question.Id, record.Place))
            {
                throw record.Error(
                    $"the id '{row.Question.Id}' was already given at {places[row.Question.Id]}; make ids unique or map no id field"
                );
            }

            rows.Add(row);
        }

        return rows.Count > 0
            ? rows.ToImmutable()
            : throw new InvalidDataException($"{path}: there is no row in it; write one JSON object on each line.");
    }
}
