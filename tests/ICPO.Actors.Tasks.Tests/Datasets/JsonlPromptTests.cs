using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Prompts;

namespace ICPO.Actors.Tasks.Tests.Datasets;

/// <summary>How a task puts its questions.</summary>
public sealed class JsonlPromptTests : IDisposable
{
    private readonly JsonlFolder _folder = new();

    [Fact]
    public void A_prompt_has_the_plain_text_form_of_the_paper()
    {
        var task = new JsonlTask(new() { Path = _folder.Write("a.jsonl", JsonlFolder.Rows("q", 20)), HeldOutShare = 0.3 });
        var example = new Demonstration
        {
            Id = "d",
            Question = "1+1?",
            Solution = "It is 2.",
        };
        Assert.Equal("Question: 2+2?\nAnswer:", task.Prompt("2+2?", []));
        Assert.Equal("Question: 1+1?\nAnswer: It is 2.\n\n\nQuestion: 2+2?\nAnswer:", task.Prompt("2+2?", [example]));
        Assert.StartsWith(task.Prompt(example.Question, []) + task.Response(example), task.Prompt("2+2?", [example]));
    }

    [Fact]
    public void A_chat_is_put_by_the_template_with_its_system_message_first_and_demonstrations_as_earlier_turns()
    {
        string file = _folder.WriteLines(
            "chats.jsonl",
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    JsonSerializer.Serialize(
                        new
                        {
                            prompt = new[] { new { role = "system", content = "Be brief." }, new { role = "user", content = $"{i}+1?" } },
                            reward_model = new { ground_truth = $"{i + 1}" },
                            extra_info = new { answer = $"{i} and one is {i + 1}.\n#### {i + 1}" },
                        }
                    )
                )
        );
        var settings = new JsonlSettings
        {
            Path = file,
            HeldOutShare = 0.3,
            DemonstrationMinimumLength = 0,
        };
        var task = new JsonlTask(settings, new PromptSource(new(), () => new Brackets()));
        Question question = task.Train(1, 0);
        string user = question.Text.Split("\n\n")[1];
        Demonstration shown = Assert.Single(task.Demonstrate(question, 3, 1));
        string asked = shown.Question.Split("\n\n")[1];
        Assert.Equal($"[system:Be brief.][user:{user}][assistant:", task.Prompt(question.Text, []));
        Assert.Equal(
            $"[system:Be brief.][user:{asked}][assistant:{shown.Solution}][user:{user}][assistant:",
            task.Prompt(question.Text, [shown])
        );
        Assert.Equal(shown.Solution + "]", task.Response(shown));
        Assert.EndsWith(".", shown.Solution);
        Assert.Equal("]", task.StopStrings[0]);

        // Read as plain text, what is said is kept and no template is asked.
        Assert.StartsWith("Question: Be brief.\n\n", new JsonlTask(settings).Prompt(question.Text, []));
        string plain = _folder.Write("a.jsonl", JsonlFolder.Rows("q", 20));
        Assert.Equal(
            "[user:q1][assistant:",
            new JsonlTask(
                new() { Path = plain, HeldOutShare = 0.3 },
                new PromptSource(new() { Style = PromptStyle.Chat }, () => new Brackets())
            ).Prompt("q1", [])
        );
        _folder.WriteLines("chats.jsonl", ["{\"prompt\": [{\"role\": \"assistant\", \"content\": \"x\"}], \"answer\": 1}"]);
        Assert.Contains(":1: the chat in 'prompt'", Assert.Throws<InvalidDataException>(() => new JsonlTask(settings)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Brackets : IChatFormat
    {
        public ImmutableArray<string> EndsOfTurn => ["]"];

        public string Prompt(ImmutableArray<ChatMessage> chat) =>
            string.Concat(chat.Select(m => $"[{m.Role}:{m.Content}]")) + "[assistant:";

        public string Response(ImmutableArray<ChatMessage> chat, string answer) => answer + "]";
    }
}
