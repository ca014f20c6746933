using System.ClientModel;
using System.Text.Json;
using ICPO.Actors.Composition;
using ICPO.Actors.Inference;
using Microsoft.Extensions.AI;
using OpenAI;
using ChatMessage = ICPO.Actors.Contracts.Tasks.ChatMessage;

namespace ICPO.Actors.Serving.Tests;

/// <summary><c>/v1/chat/completions</c> through the OpenAI client of Microsoft.Extensions.AI.</summary>
public sealed class ChatClientTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Path = "/v1/chat/completions";

    private static readonly ChatOptions Options = new()
    {
        Temperature = 0,
        MaxOutputTokens = 40,
        StopSequences = [";"],
    };

    [Fact]
    public async Task A_response_is_the_models()
    {
        Completion expected = await ExpectedAsync();
        using IChatClient client = Client(served.Server);

        ChatResponse response = await client.GetResponseAsync(ServedModel.Question, Options, ServedModel.Deadline);

        Assert.Equal((expected.Text, ChatFinishReason.Stop), (response.Text, response.FinishReason!.Value));
        Assert.Equal(ServedModel.Name, response.ModelId);
        Assert.Equal(
            (ServedModel.Question.Length, expected.Tokens.Length),
            (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount)
        );
    }

    [Fact]
    public async Task A_stream_gives_the_same_text()
    {
        Completion expected = await ExpectedAsync();
        using IChatClient client = Client(served.Server);

        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(ServedModel.Question, Options, ServedModel.Deadline))
        {
            updates.Add(update);
        }

        var response = updates.ToChatResponse();
        Assert.True(updates.Count > 3);
        Assert.Equal((expected.Text, ChatFinishReason.Stop), (response.Text, response.FinishReason!.Value));
        Assert.Equal(ChatRole.Assistant, Assert.Single(response.Messages).Role);
        Assert.Equal(expected.Tokens.Length, response.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task A_conversation_and_a_seed_reach_the_model()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(BundledModel.Path))
        {
            File.Copy(file, folder.In(System.IO.Path.GetFileName(file)));
        }

        folder.Write(
            "chat_template.jinja",
            "{% for m in messages %}{{ {'system': 'A', 'assistant': 'C', 'user': 'B'}[m.role] }}{{ m.content }}{% endfor %}="
        );
        await using LanguageModel model = await LanguageModel.LoadAsync(folder.Path, cancellationToken: ServedModel.Deadline);
        await using ModelServer server = await ModelServer.StartAsync(
            model,
            new ServingOptions { Listen = new("127.0.0.1", 0), Name = ServedModel.Name },
            ServedModel.Deadline
        );
        var options = new GenerationOptions
        {
            Temperature = 1.5,
            Seed = 7,
            MaxTokens = 12,
        };
        ModelPrompt prompt = model.Text("A1C2B3=");
        Completion expected = await model.GenerateAsync(prompt, options, ServedModel.Deadline);
        using IChatClient client = Client(server);

        ChatResponse response = await client.GetResponseAsync(
            [new(ChatRole.System, "1"), new(ChatRole.Assistant, "2"), new(ChatRole.User, "3")],
            new()
            {
                Temperature = 1.5f,
                Seed = 7,
                MaxOutputTokens = 12,
            },
            ServedModel.Deadline
        );

        Assert.Equal((expected.Text, prompt.Ids.Length), (response.Text, (int)response.Usage!.InputTokenCount!));
    }

    [Fact]
    public async Task Errors_reach_the_client_with_status_and_message()
    {
        using IChatClient other = Client(served.Server, model: "another");
        ClientResultException unknown = await Assert.ThrowsAsync<ClientResultException>(() =>
            other.GetResponseAsync(ServedModel.Question, Options, ServedModel.Deadline)
        );
        Assert.Equal(404, unknown.Status);
        Assert.Contains("another", unknown.Message, StringComparison.Ordinal);

        using IChatClient client = Client(served.Server);
        var tools = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] };
        ClientResultException unsupported = await Assert.ThrowsAsync<ClientResultException>(() =>
            client.GetResponseAsync(ServedModel.Question, tools, ServedModel.Deadline)
        );
        Assert.Equal(400, unsupported.Status);
        Assert.Contains("tools", unsupported.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_of_models_has_the_model()
    {
        var models = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = served.Server.Address });
        OpenAI.Models.OpenAIModel model = Assert.Single((await models.GetOpenAIModelClient().GetModelsAsync(ServedModel.Deadline)).Value);
        Assert.Equal(ServedModel.Name, model.Id);
        Assert.Equal(
            ServedModel.Name,
            (await models.GetOpenAIModelClient().GetModelAsync(ServedModel.Name, ServedModel.Deadline)).Value.Id
        );
    }

    [Fact]
    public async Task Log_probabilities_have_text_bytes_and_alternatives()
    {
        object[] parts = [new { type = "text", text = "AB31" }, new { type = "text", text = "42=" }];
        var body = new
        {
            messages = new[] { new { role = "user", content = parts } },
            temperature = 0,
            max_completion_tokens = 5,
            logprobs = true,
            top_logprobs = 2,
            return_token_ids = true,
        };

        JsonElement whole = await served.PostAsync(Path, body);

        Completion expected = await ExpectedAsync();
        JsonElement choice = whole.GetProperty("choices")[0];
        JsonElement[] tokens = [.. choice.GetProperty("logprobs").GetProperty("content").EnumerateArray()];
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal(expected.Text[..5], string.Concat(tokens.Select(token => token.GetProperty("token").GetString())));
        Assert.Equal(expected.LogProbs.Take(5), tokens.Select(token => (float)token.GetProperty("logprob").GetDouble()));
        Assert.All(tokens, token =>
        {
            Assert.Equal(token.GetProperty("token").GetString()![0], (char)token.GetProperty("bytes")[0].GetInt32());
            JsonElement[] top = [.. token.GetProperty("top_logprobs").EnumerateArray()];
            Assert.Equal(2, top.Length);
            Assert.Equal(token.GetProperty("token").GetString(), top[0].GetProperty("token").GetString());
            Assert.True(top[0].GetProperty("logprob").GetDouble() >= top[1].GetProperty("logprob").GetDouble());
        });
        Assert.Equal(ServedModel.Question.Length, whole.GetProperty("prompt_token_ids").GetArrayLength());
        Assert.Equal(5, choice.GetProperty("token_ids").GetArrayLength());
    }

    private Task<Completion> ExpectedAsync() =>
        served.Model.GenerateAsync(
            served.Model.Chat(new ChatMessage("user", ServedModel.Question)),
            new()
            {
                Temperature = 0,
                MaxTokens = 40,
                StopStrings = [";"],
            },
            ServedModel.Deadline
        );

    private static IChatClient Client(ModelServer server, string model = ServedModel.Name) =>
        new OpenAIClient(new ApiKeyCredential(server.Key ?? "none"), new OpenAIClientOptions { Endpoint = server.Address })
            .GetChatClient(model)
            .AsIChatClient();
}
