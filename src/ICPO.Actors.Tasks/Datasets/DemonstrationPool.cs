using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Chooses the rows whose solutions serve as demonstrations.</summary>
internal static class DemonstrationPool
{
    /// <returns>The demonstrations; where there are none, why.</returns>
    public static (ImmutableArray<Demonstration> Pool, string? EmptyReason) Choose(ImmutableArray<DataRow> rows, JsonlSettings settings)
    {
        DataRow[] longEnough = [.. rows.Where(row => row.Solution.Length >= settings.DemonstrationMinimumLength)];
        ImmutableArray<Demonstration> pool =
        [
            .. from row in longEnough
            where !settings.DemonstrationExcludes.Any(text => row.Solution.Contains(text, StringComparison.Ordinal))
            select new Demonstration
            {
                Id = row.Question.Id,
                Question = row.Question.Text,
                Solution = row.Solution,
                Answer = row.Question.Answer,
                Tags = row.Question.Tags,
            },
        ];
        return (pool, pool.IsEmpty ? Reason(rows, longEnough.Length, settings) : null);
    }

    private static string? Reason(ImmutableArray<DataRow> rows, int longEnough, JsonlSettings settings)
    {
        if (rows.IsEmpty)
        {
            return null;
        }

        int tooShort = rows.Length - longEnough;
        string text =
            $"of {rows.Length} solutions {tooShort} are shorter than task.jsonl.demonstration-minimum-length = "
            + $"{settings.DemonstrationMinimumLength} characters (the longest has {rows.Max(row => row.Solution.Length)})";
        return longEnough == 0 ? text : $"{text}, and {longEnough} contain a text of task.jsonl.demonstration-excludes";
    }
}
