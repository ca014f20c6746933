using System.Collections.Immutable;
using ICPO.DataFiles;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Reads the rows of a data set as questions with gold answers and solutions.</summary>
public static class DataRows
{
    /// <summary>Reads all rows; fields without a mapping are detected from the first row.</summary>
    /// <exception cref="InvalidDataException">The file or one of its rows cannot be read, or there are no rows.</exception>
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
                    $"the id '{row.Question.Id}' was already used at {places[row.Question.Id]}; make ids unique or do not map an id field"
                );
            }

            rows.Add(row);
        }

        return rows.Count > 0
            ? rows.ToImmutable()
            : throw new InvalidDataException($"{path}: the data set has no rows; write one JSON object on each line.");
    }
}
