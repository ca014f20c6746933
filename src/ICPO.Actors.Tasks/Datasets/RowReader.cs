using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Contracts.Tasks;
using ICPO.DataFiles.Files;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Reads the fields of rows; the first row of the data set decides which fields.</summary>
internal sealed class RowReader
{
    private readonly FieldMapping _fields;

    private RowReader(FieldMapping fields) => _fields = fields;

    /// <param name="first">The data set's first row.</param>
    /// <param name="fields">The configured mapping; empty fields are recognized.</param>
    public static RowReader For(DataRecord first, FieldMapping fields) => new(Conventions.Fill(fields, first));

    public DataRow Read(DataRecord record)
    {
        (string text, ImmutableArray<ChatMessage> chat) = Question(record);
        bool isMissing =
            _fields.MissingAnswer == MissingAnswer.LeaveOut
            && Rows.Find(record.Fields, _fields.Answer) is { ValueKind: JsonValueKind.Null };
        (string answer, string solution) = isMissing ? ("", "") : Gold(record);
        var question = new Question
        {
            Id = _fields.Id is null
                ? $"{record.Name}:{record.Number}"
                : Required(record, _fields.Id, JsonValueKind.String, JsonValueKind.Number),
            Text = text,
            Answer = answer,
            Tags = Tags(record),
        };
        return new(question, _fields.RemoveCalculator ? GoldAnswers.WithoutCalculator(solution) : solution, record.Number)
        {
            Chat = chat,
            PassRate = PassRate(record),
            State = State(answer, isMissing),
        };
    }

    private AnswerState State(string answer, bool isMissing)
    {
        if (isMissing)
        {
            return AnswerState.Missing;
        }

        string bare = answer.Trim(' ', '.', '$', '\n', '\r', '\t');
        return _fields.Placeholders.Any(p => string.Equals(p, bare, StringComparison.OrdinalIgnoreCase))
            ? AnswerState.Placeholder
            : AnswerState.Given;
    }

    private (string Text, ImmutableArray<ChatMessage> Chat) Question(DataRecord record)
    {
        if (Rows.Find(record.Fields, _fields.Question) is not { ValueKind: JsonValueKind.Array } list)
        {
            return (Required(record, _fields.Question, JsonValueKind.String), []);
        }

        ImmutableArray<ChatMessage> chat = [.. list.EnumerateArray().Select((message, index) => Message(record, message, index))];
        return chat is [.., { Role: "user" }]
            ? (ChatMessage.Text(chat), chat)
            : throw record.Error($"the chat in '{_fields.Question}' does not end with a message of role user; end it with the question");
    }

    private ChatMessage Message(DataRecord record, JsonElement message, int index)
    {
        string name = $"{_fields.Question}.{index}";
        return message.ValueKind == JsonValueKind.Object
            ? new(Part(record, message, name, "role"), Part(record, message, name, "content"))
            : throw record.Error(
                $"the field '{name}' is {JsonKinds.Name(message.ValueKind)}; a chat is a list of objects with role and content"
            );
    }

    /// <summary>Read from the message: from the row, each would cost a walk over the chat.</summary>
    private static string Part(DataRecord record, JsonElement message, string name, string key) =>
        Given(record, $"{name}.{key}", Rows.Find(message, key), JsonValueKind.String);

    private (string Answer, string Solution) Gold(DataRecord record)
    {
        string answer = Answer(record, _fields.Answer, ", ");
        string? solution =
            _fields.Solution is null || _fields.Solution == _fields.Answer || IsBlank(Rows.Find(record.Fields, _fields.Solution))
                ? null
                : Answer(record, _fields.Solution, "\n");
        switch (_fields.Form)
        {
            case AnswerForm.Hashes:
                (string before, string gold) = GoldAnswers.AfterHashes(answer)
                    ?? throw record.Error(
                        $"the field '{_fields.Answer}' has no gold answer after '####'; end it with '#### ' and the answer"
                    );
                return (gold, solution ?? before);
            case AnswerForm.Boxed:
                return (
                    GoldAnswers.Boxed(answer)
                        ?? throw record.Error(
                            $"the field '{_fields.Answer}' has no gold answer: it contains no closed \\boxed{{…}}; box "
                                + "the answer or map a field of answers"
                        ),
                    solution ?? answer
                );
            default:
                // A worked answer next to the gold answer may end like GSM8K's.
                return (answer, solution is null ? answer : GoldAnswers.AfterHashes(solution)?.Solution ?? solution);
        }
    }

    /// <summary>The solution may be missing if there is a gold answer, which is then shown instead.</summary>
    private static bool IsBlank(JsonElement? value) =>
        value is null or { ValueKind: JsonValueKind.Null } || (value is { ValueKind: JsonValueKind.String } text && text.ValueEquals(""));

    /// <summary>A string or number, or a list of them joined.</summary>
    private static string Answer(DataRecord record, string name, string joint)
    {
        if (Rows.Find(record.Fields, name) is not { ValueKind: JsonValueKind.Array } list)
        {
            return Required(record, name, JsonValueKind.String, JsonValueKind.Number);
        }

        string[] parts =
        [
            .. list.EnumerateArray().Select((part, i) => Given(record, $"{name}.{i}", part, JsonValueKind.String, JsonValueKind.Number)),
        ];
        return parts.Length > 0
            ? string.Join(joint, parts)
            : throw record.Error($"the field '{name}' is an empty array; fill it or remove the row");
    }

    private ImmutableSortedDictionary<string, string> Tags(DataRecord record)
    {
        ImmutableSortedDictionary<string, string>.Builder tags = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (string tag in _fields.Tags)
        {
            if (Rows.Find(record.Fields, tag) is { ValueKind: not JsonValueKind.Null } value)
            {
                tags[tag] = Text(record, tag, value, JsonValueKind.String, JsonValueKind.Number, JsonValueKind.True, JsonValueKind.False);
            }
        }

        return tags.ToImmutable();
    }

    private double? PassRate(DataRecord record)
    {
        if (_fields.PassRate is not { } name)
        {
            return null;
        }

        if (
            Rows.Find(record.Fields, name) is { ValueKind: JsonValueKind.Number } value
            && value.TryGetDouble(out double rate)
            && rate is >= 0 and <= 1
        )
        {
            return rate;
        }

        throw record.Error($"the field '{name}' is not a pass rate; it must be a number from 0 to 1");
    }

    private static string Required(DataRecord record, string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        Given(record, name, Rows.Find(record.Fields, name), kinds);

    private static string Given(DataRecord record, string name, JsonElement? found, params ReadOnlySpan<JsonValueKind> kinds)
    {
        JsonElement value = found ?? throw record.Error($"the field '{name}' is missing; add it or map another field");
        string text = Text(record, name, value, kinds);
        return string.IsNullOrWhiteSpace(text) ? throw record.Error($"the field '{name}' is empty; fill it or remove the line") : text;
    }

    private static string Text(DataRecord record, string name, JsonElement value, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!kinds.Contains(value.ValueKind))
        {
            throw record.Error(
                $"the field '{name}' is {JsonKinds.Name(value.ValueKind)}; it must be "
                    + $"{string.Join(" or ", kinds.ToArray().Select(JsonKinds.Name).Distinct())}"
            );
        }

        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException error)
        {
            throw record.Error($"the field '{name}' holds half of a surrogate pair; fix the escape", error);
        }
    }
}
