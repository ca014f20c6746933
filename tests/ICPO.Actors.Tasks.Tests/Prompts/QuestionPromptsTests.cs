using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Arithmetic;
using ICPO.Actors.Tasks.Prompts;

namespace ICPO.Actors.Tasks.Tests.Prompts;

public sealed class QuestionPromptsTests
{
    private static readonly Demonstration Example = new()
    {
        Id = "d",
        Question = "1+1?",
        Solution = "2",
    };

    private static readonly Dictionary<string, ImmutableArray<ChatMessage>> Chats = new()
    {
        ["own"] = [new("system", "Own."), new("user", "3+3?")],
        ["turns"] = [new("user", "a"), new("assistant", "b"), new("user", "c")],
    };

    [Theory]
    // Style, whether the model has a template, whether the data set has chats, whether prompts are chats.
    [InlineData(PromptStyle.Auto, true, false, true)]
    [InlineData(PromptStyle.Auto, true, true, true)]
    [InlineData(PromptStyle.Auto, false, false, false)]
    [InlineData(PromptStyle.Auto, false, true, false)]
    [InlineData(PromptStyle.Plain, true, false, false)]
    [InlineData(PromptStyle.Plain, true, true, false)]
    [InlineData(PromptStyle.Plain, false, true, false)]
    [InlineData(PromptStyle.Chat, true, false, true)]
    [InlineData(PromptStyle.Chat, true, true, true)]
    [InlineData(PromptStyle.Chat, false, false, null)]
    [InlineData(PromptStyle.ByData, true, false, false)]
    [InlineData(PromptStyle.ByData, true, true, true)]
    [InlineData(PromptStyle.ByData, false, false, false)]
    [InlineData(PromptStyle.ByData, false, true, null)]
    public void The_style_and_the_model_decide_about_the_form(PromptStyle style, bool hasTemplate, bool hasChats, bool? asksChats)
    {
        var source = new PromptSource(new() { Style = style }, () => hasTemplate ? new Brackets() : null, "models/mine");
        Dictionary<string, ImmutableArray<ChatMessage>>? chats = hasChats ? Chats : null;
        if (asksChats is null)
        {
            string message = Assert.Throws<InvalidDataException>(() => QuestionPrompts.Create(source, chats)).Message;
            Assert.Contains("models/mine", message);
            Assert.Contains("task.prompt.style", message);
            return;
        }

        var prompts = QuestionPrompts.Create(source, chats);
        Assert.Equal(asksChats, prompts.AsksChats);
        Assert.Equal(asksChats.Value ? ["]", "\n"] : ["\n"], prompts.StopStrings(["\n"]));
        Assert.Equal(style is PromptStyle.Auto && !hasTemplate && hasChats ? 1 : 0, prompts.Notes.Length);
    }

    [Theory]
    [InlineData("", "{question}", "2+2?", "[user:2+2?][assistant:")]
    [InlineData("Be brief.", "{question}", "2+2?", "[system:Be brief.][user:2+2?][assistant:")]
    [InlineData("", "{question} Think.", "2+2?", "[user:2+2? Think.][assistant:")]
    [InlineData("S", "Q: {question}\nA:", "{question}", "[system:S][user:Q: {question}\nA:][assistant:")]
    [InlineData("Be brief.", "{question} Think.", "own", "[system:Own.][user:3+3?][assistant:")]
    [InlineData("Be brief.", "{question} Think.", "turns", "[system:Be brief.][user:a][assistant:b][user:c][assistant:")]
    public void A_chat_has_a_system_message_and_text_around_questions_that_are_texts(
        string system,
        string around,
        string question,
        string expected
    )
    {
        var settings = new PromptSettings { System = system, Question = around };
        Assert.Equal(expected, QuestionPrompts.Create(new(settings, () => new Brackets()), Chats).Prompt(question, []));
    }

    [Fact]
    public void Demonstrations_are_earlier_turns_without_system_messages_of_their_own()
    {
        var settings = new PromptSettings { System = "S", Question = "{question}!" };
        var prompts = QuestionPrompts.Create(new(settings, () => new Brackets()), Chats);
        Assert.Equal("[system:S][user:1+1?!][assistant:2][user:x!][assistant:", prompts.Prompt("x", [Example]));
        Assert.Equal("2]", prompts.Response(Example, "\n"));
        Assert.Equal(
            "[system:S][user:3+3?][assistant:6][user:x!][assistant:",
            prompts.Prompt("x", [Example with { Question = "own", Solution = "6" }])
        );
    }

    [Fact]
    public void Plain_text_has_the_text_around_the_question_and_reports_a_system_message_that_it_cannot_have()
    {
        var settings = new PromptSettings { System = "S", Question = "{question} Think." };
        var prompts = QuestionPrompts.Create(new(settings, () => null), Chats);
        Assert.Equal("Question: 1+1? Think.\nAnswer: 2\n\n\nQuestion: x Think.\nAnswer:", prompts.Prompt("x", [Example]));
        Assert.Equal(" 2\n", prompts.Response(Example, "\n"));
        Assert.Contains(prompts.Notes, note => note.Contains("task.prompt.system", StringComparison.Ordinal));
    }

    [Fact]
    public void Arithmetic_is_asked_through_a_template_and_a_demonstration_ends_its_turn()
    {
        ITask task = new ArithmeticTask(null, new PromptSource(new(), () => new Brackets()));
        Assert.True(task.UsesChatTemplate);
        string question = task.Train(1, 0).Text;
        Assert.Equal($"[user:{question}][assistant:", task.Prompt(question, []));
        Assert.Equal(task.Pool[0].Solution + "]", task.Response(task.Pool[0]));
        Assert.Equal(["]", "\n"], task.StopStrings);
        Assert.False(((ITask)new ArithmeticTask()).UsesChatTemplate);
    }

    private sealed class Brackets : IChatFormat
    {
        public ImmutableArray<string> EndsOfTurn => ["]"];

        public string Prompt(ImmutableArray<ChatMessage> chat) =>
            string.Concat(chat.Select(m => $"[{m.Role}:{m.Content}]")) + "[assistant:";

        public string Response(ImmutableArray<ChatMessage> chat, string answer) => answer + "]";
    }
}
