using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Reads the rows of data sets that have a gold answer, and counts the others by data set.</summary>
internal sealed class AnsweredRows
{
    private readonly Dictionary<string, (int Placeholders, int Missing)> _omitted = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">The file cannot be read, or no row has an answer.</exception>
    public ImmutableArray<DataRow> Read(string path, FieldMapping fields)
    {
        ImmutableArray<DataRow> rows = DataRows.Read(path, fields);
        int placeholders = rows.Count(r => r.State == AnswerState.Placeholder),
            missing = rows.Count(r => r.State == AnswerState.Missing);
        _omitted[path] = (placeholders, missing);
        if (placeholders + missing == rows.Length)
        {
            throw new InvalidDataException(
                $"{path}: none of the {rows.Length} rows has a gold answer ({placeholders} placeholders, {missing} null); "
                    + "map the field of answers with task.jsonl.fields.answer."
            );
        }

        return placeholders + missing == 0 ? rows : [.. rows.Where(r => r.State == AnswerState.Given)];
    }

    /// <summary>The questions of a data set; the part that is held out of it counts nothing twice.</summary>
    public QuestionSource Source(string name, ImmutableArray<Question> questions)
    {
        (int placeholders, int missing) = _omitted.GetValueOrDefault(name);
        return new(name, questions, placeholders, missing);
    }
}
