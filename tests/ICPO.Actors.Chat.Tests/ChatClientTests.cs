using ICPO.Actors.Composition;
using ICPO.Actors.Inference;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Chat.Tests;

/// <summary>The bundled model as a chat client.</summary>
public sealed class ChatClientTests : IDisposable
{
    private const string Question = "AB3142=";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    [Fact]
    public async Task A_response_is_the_models_and_has_usage_and_reason()
    {
        await using LanguageModel model = await LanguageModel.LoadAsync(BundledModel.Path, cancellationToken: Deadline);
        using var client = new IcpoChatClient(model, leaveOpen: true);

        ChatResponse response = await client.GetResponseAsync(Question, Options(), Deadline);

        Completion expected = await model.GenerateAsync(
            Question,
            new()
            {
                Temperature = 0,
                MaxTokens = 40,
                StopStrings = [";"],
            },
            Deadline
        );
        Assert.Equal(expected.Text, response.Text);
        Assert.Equal((ChatFinishReason.Stop, ChatRole.Assistant), (response.FinishReason!.Value, response.Messages[^1].Role));
        Assert.Equal((Question.Length, expected.Tokens.Length), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
    }

    [Fact]
    public async Task A_stream_gives_the_same_text_in_several_updates_of_one_message()
    {
        using var client = new IcpoChatClient(BundledModel.Path);
        ChatResponse whole = await client.GetResponseAsync(Question, Options(), Deadline);

        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Question, Options(), Deadline))
        {
            updates.Add(update);
        }

        Assert.True(updates.Count > 3);
        Assert.Equal(whole.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.Single(updates.Select(update => update.MessageId).Distinct());
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
    }

    [Fact]
    public async Task Sampling_options_are_used()
    {
        using var client = new IcpoChatClient(BundledModel.Path);
        var options = new ChatOptions
        {
            Temperature = 1.5f,
            Seed = -7,
            MaxOutputTokens = 5,
        };

        ChatResponse one = await client.GetResponseAsync(Question, options, Deadline),
            same = await client.GetResponseAsync(Question, options, Deadline);

        Assert.Equal((one.Text, ChatFinishReason.Length), (same.Text, same.FinishReason!.Value));
        Assert.Equal(5, one.Usage!.OutputTokenCount);
        options.TopK = 1;
        ChatOptions likeliest = Options();
        likeliest.StopSequences = null;
        likeliest.MaxOutputTokens = 5;
        Assert.Equal(
            (await client.GetResponseAsync(Question, likeliest, Deadline)).Text,
            (await client.GetResponseAsync(Question, options, Deadline)).Text
        );
    }

    [Fact]
    public async Task Instructions_and_roles_reach_the_chat_template()
    {
        string path = _folder.In("model");
        Directory.CreateDirectory(path);
        foreach (string file in Directory.EnumerateFiles(BundledModel.Path))
        {
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        }

        File.WriteAllText(
            Path.Combine(path, "chat_template.jinja"),
            "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('instructions: ' + m.content) }}{% endif %}{% endfor %}"
                + "{{ messages[-1].content }}"
        );
        using var client = new IcpoChatClient(path);

        ChatResponse response = await client.GetResponseAsync(
            [new(ChatRole.User, "1"), new(ChatRole.Assistant, "2"), new(ChatRole.User, Question)],
            Options(),
            Deadline
        );
        Assert.Equal(Question.Length, response.Usage!.InputTokenCount);
        ChatOptions instructed = Options();
        instructed.Instructions = "4711";
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() =>
            client.GetResponseAsync(Question, instructed, Deadline)
        );
        Assert.Contains("instructions: 4711", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, ChatOptions> Unsupported =>
        new()
        {
            {
                nameof(ChatOptions.Tools),
                new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] }
            },
            {
                nameof(ChatOptions.ResponseFormat),
                new() { ResponseFormat = ChatResponseFormat.Json }
            },
            {
                nameof(ChatOptions.FrequencyPenalty),
                new() { FrequencyPenalty = 1 }
            },
            {
                nameof(ChatOptions.PresencePenalty),
                new() { PresencePenalty = -1 }
            },
        };

    [Theory]
    [MemberData(nameof(Unsupported), DisableDiscoveryEnumeration = true)]
    public async Task What_a_model_cannot_do_is_refused_by_name(string name, ChatOptions options)
    {
        using var client = new IcpoChatClient(BundledModel.Path);

        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(() =>
            client.GetResponseAsync(Question, options, Deadline)
        );

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contents_other_than_text_are_refused_by_name()
    {
        using var client = new IcpoChatClient(BundledModel.Path);
        var message = new ChatMessage(ChatRole.User, [new TextContent("?"), new DataContent(new byte[] { 1 }, "image/png")]);

        NotSupportedException error = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync([message]));

        Assert.Contains(nameof(DataContent), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_loaded_with_the_next_request()
    {
        string path = _folder.In("late");
        using var client = new IcpoChatClient(path);
        await Assert.ThrowsAsync<InvalidDataException>(() => client.GetResponseAsync(Question, Options(), Deadline));

        Directory.CreateSymbolicLink(path, BundledModel.Path);

        Assert.NotEmpty((await client.GetResponseAsync(Question, Options(), Deadline)).Text);
    }

    [Fact]
    public async Task Services_give_one_client_each_and_release_it()
    {
        IChatClient client,
            other;
        await using (
            ServiceProvider services = new ServiceCollection()
                .AddIcpoChatClient(BundledModel.Path)
                .AddIcpoChatClient(BundledModel.Path, serviceKey: "second")
                .BuildServiceProvider()
        )
        {
            client = services.GetRequiredService<IChatClient>();
            other = services.GetRequiredKeyedService<IChatClient>("second");
            Assert.NotSame(client, other);
            Assert.Equal(BundledModel.Path, client.GetService<ChatClientMetadata>()!.DefaultModelId);
            Assert.Null(client.GetService<LanguageModel>());
            await client.GetResponseAsync(Question, Options(), Deadline);
            Assert.NotNull(client.GetService<LanguageModel>());
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync(Question, Options(), Deadline));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.GetResponseAsync(Question, Options(), Deadline));
    }

    private static ChatOptions Options() =>
        new()
        {
            Temperature = 0,
            MaxOutputTokens = 40,
            StopSequences = [";"],
        };
}
