using System.Collections.Immutable;
using System.Text.Json;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>
/// The column names of well-known data sets, recognized by the first row if configuration names none: reinforcement learning
/// (<c>prompt</c>, <c>reward_model.ground_truth</c>), GSM8K (<c>question</c>, <c>answer</c> with <c>####</c>), MATH (<c>problem</c>,
/// <c>solution</c>, gold in the last <c>\boxed</c>), conversations with the gold answer in the second turn (<c>0.value</c>,
/// <c>1.ground_truth.value</c>), and any data set with question and answer under their usual names, in lower or upper case.
/// </summary>
internal static class Conventions
{
    private static readonly string[] Questions = ["question", "problem", "Question", "Problem", "0.value"];
    private static readonly string[] Answers =
    [
        "final_answer",
        "answer",
        "Answer",
        "expected_answer",
        "ground_truth",
        "gold",
        "1.ground_truth.value",
    ];
    private static readonly string[] Solutions = ["solution", "Solution"];
    private static readonly string[] Ids = ["unique_id"];
    private static readonly string[] Tags = ["data_source", "ability", "subject", "type", "level", "subfield", "difficulty"];

    /// <summary>The mapping with every empty part recognized from the row.</summary>
    /// <exception cref="InvalidDataException">No question or no answer is recognized.</exception>
    public static FieldMapping Fill(FieldMapping given, DataRecord record)
    {
        JsonElement row = record.Fields;
        FieldMapping fields = given with
        {
            Question = Chosen(row, given.Question),
            Answer = Chosen(row, given.Answer),
            Solution = given.Solution is null ? null : Chosen(row, given.Solution),
            Id = given.Id is null ? null : Chosen(row, given.Id),
        };
        bool recognizes = fields.Question.Length == 0 && fields.Answer.Length == 0;
        if (fields.Question.Length == 0)
        {
            fields = fields with
            {
                Question = (Rows.Find(row, "prompt") is not null ? "prompt" : First(row, Questions))
                    ?? throw record.Error($"no question is recognized among the fields {Names(row)}; map one with fields.question"),
            };
        }

        if (fields.Answer.Length == 0)
        {
            fields = Answer(fields, record);
        }

        if (recognizes)
        {
            fields = fields with
            {
                Id = fields.Id ?? First(row, Ids),
                Tags = fields.Tags.IsDefaultOrEmpty
                    ?
                    [
                        .. Tags.Where(tag =>
                            Rows.Find(row, tag) is { } value && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
                        ),
                    ]
                    : fields.Tags,
            };
        }

        return fields with
        {
            Form = fields.Form == AnswerForm.Auto ? AnswerForm.Whole : fields.Form,
        };
    }

    private static FieldMapping Answer(FieldMapping fields, DataRecord record)
    {
        JsonElement row = record.Fields;
        if (Rows.Find(row, "reward_model.ground_truth") is not null)
        {
            string? worked = Rows.Find(row, "extra_info.answer") is { ValueKind: JsonValueKind.String } ? "extra_info.answer" : null;
            return fields with { Answer = "reward_model.ground_truth", Solution = fields.Solution ?? worked };
        }

        string? solution = fields.Solution ?? First(row, Solutions);
        if (First(row, Answers) is { } answer)
        {
            bool hashes =
                fields.Form == AnswerForm.Hashes
                || (
                    fields.Form == AnswerForm.Auto
                    && Rows.Find(row, answer) is { ValueKind: JsonValueKind.String } text
                    && text.GetRawText().Contains("####", StringComparison.Ordinal)
                );
            return fields with { Answer = answer, Solution = solution, Form = hashes ? AnswerForm.Hashes : fields.Form };
        }

        return solution is not null
            ? fields with
            {
                Answer = solution,
                Solution = solution,
                Form = fields.Form == AnswerForm.Auto ? AnswerForm.Boxed : fields.Form,
            }
            : throw record.Error(
                $"the field 'answer' is missing, and no other gold answer is recognized among the fields {Names(row)}; add "
                    + "it or map another with fields.answer"
            );
    }

    /// <summary>The first alternative that the row has; else the first one, so that the error names it.</summary>
    private static string Chosen(JsonElement row, string names)
    {
        string[] alternatives = names.Split('|', StringSplitOptions.TrimEntries);
        return First(row, alternatives) ?? alternatives[0];
    }

    /// <summary>The first name with a value in the row, else the first one present.</summary>
    private static string? First(JsonElement row, string[] names) =>
        names.FirstOrDefault(name => name.Length > 0 && Rows.Find(row, name) is { ValueKind: not JsonValueKind.Null })
        ?? names.FirstOrDefault(name => name.Length > 0 && Rows.Find(row, name) is not null);

    private static string Names(JsonElement row)
    {
        ImmutableArray<string> names =
        [
            .. row.ValueKind == JsonValueKind.Object
                ? row.EnumerateObject().Select(p => p.Name)
                : Enumerable.Range(0, row.GetArrayLength()).Select(i => $"{i}"),
        ];
        return names.IsEmpty ? "(none)" : string.Join(", ", names.Take(12)) + (names.Length > 12 ? ", …" : "");
    }
}
