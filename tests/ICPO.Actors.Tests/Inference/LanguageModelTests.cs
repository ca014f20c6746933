using System.Collections.Immutable;
using ICPO.Actors.Composition;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Inference;

namespace ICPO.Actors.Tests.Inference;

/// <summary>The bundled model as apps use it.</summary>
public sealed class LanguageModelTests : IDisposable
{
    private const string Question = "AB3142=";

    private static readonly GenerationOptions Sampled = new()
    {
        Temperature = 1.3,
        MaxTokens = 30,
        Seed = 5,
    };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stream_gives_the_text_of_the_response_whatever_ends_it()
    {
        await using LanguageModel model = await LoadAsync(slots: 1);
        foreach (string[] stops in new[] { [], new[] { ";" }, ["35"], ["3", "524"], ["b3", "a2"], ["B", "Aa24"] })
        {
            for (ulong seed = 0; seed < 8; seed++)
            {
                GenerationOptions options = Sampled with { Seed = seed, StopStrings = stops };
                Completion whole = await model.GenerateAsync(Question, options, Deadline);

                List<CompletionPart> parts = [];
                await foreach (CompletionPart part in model.StreamPartsAsync(model.Text(Question), options, Deadline))
                {
                    parts.Add(part);
                }

                Assert.Equal(whole.Text, string.Concat(parts.Select(part => part.Text)));
                Assert.Equal((whole.Tokens.Length, whole.Finish), (parts[^1].Tokens, parts[^1].Finish!.Value));
                Assert.All(parts.SkipLast(1), part => Assert.Null(part.Finish));
                Assert.All(stops, stop => Assert.DoesNotContain(stop, whole.Text, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Many_callers_get_what_each_would_get_alone()
    {
        GenerationOptions[] all = [.. Enumerable.Range(0, 12).Select(seed => Sampled with { Temperature = 0, MaxTokens = 1 + seed })];
        await using LanguageModel alone = await LoadAsync(slots: 1),
            shared = await LoadAsync(slots: 3);
        List<string> expected = [];
        foreach (GenerationOptions options in all)
        {
            expected.Add((await alone.GenerateAsync(Question, options, Deadline)).Text);
        }

        string[] texts = await Task.WhenAll(
            all.Select(async options => string.Concat(await CollectAsync(shared.StreamAsync(Question, options, Deadline))))
        );

        Assert.Equal(expected, texts);
    }

    [Fact]
    public async Task Several_responses_have_seeds_of_their_own_and_the_first_is_that_of_a_single_one()
    {
        await using LanguageModel model = await LoadAsync(slots: 1);

        ImmutableArray<Completion> five = await model.GenerateAsync(model.Text(Question), 5, Sampled, Deadline);

        Assert.True(five.Select(completion => completion.Text).Distinct().Count() > 1);
        Assert.Equal(five[0].Text, (await model.GenerateAsync(Question, Sampled, Deadline)).Text);
        Assert.All(five, completion => Assert.Equal(completion.Tokens.Length, completion.LogProbs.Length));
        Assert.All(five, completion => Assert.Equal(Question.Length, completion.PromptTokens));
    }

    [Fact]
    public async Task Without_a_seed_responses_differ()
    {
        await using LanguageModel model = await LoadAsync();
        GenerationOptions options = Sampled with { Seed = null, Temperature = 3 };

        Assert.NotEqual(
            (await model.GenerateAsync(Question, options, Deadline)).Text,
            (await model.GenerateAsync(Question, options, Deadline)).Text
        );
    }

    [Fact]
    public async Task A_cancelled_stream_ends_and_frees_its_slot()
    {
        await using LanguageModel model = await LoadAsync(slots: 1);
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string _ in model.StreamAsync(Question, Sampled, source.Token))
            {
                await source.CancelAsync();
            }
        });

        Assert.NotEmpty((await model.GenerateAsync(Question, Sampled, Deadline)).Text);
    }

    [Fact]
    public async Task A_stream_that_is_left_frees_its_slot()
    {
        await using LanguageModel model = await LoadAsync(slots: 1);
        await foreach (string _ in model.StreamAsync(Question, Sampled, Deadline))
        {
            break;
        }

        Assert.NotEmpty((await model.GenerateAsync(Question, Sampled, Deadline)).Text);
    }

    [Fact]
    public async Task A_disposed_model_says_so()
    {
        LanguageModel model = await LoadAsync();
        await model.DisposeAsync();
        await model.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => model.GenerateAsync(Question, Sampled, Deadline));
    }

    public static TheoryData<GenerationOptions> OutOfRange =>
        [
            new GenerationOptions { Temperature = -1 },
            new GenerationOptions { Temperature = double.NaN },
            new GenerationOptions { Temperature = 1e-300 },
            new GenerationOptions { Alternatives = -1 },
            new GenerationOptions { Alternatives = GenerationOptions.MaxAlternatives + 1 },
            new GenerationOptions { TopP = 0 },
            new GenerationOptions { TopP = 1.5 },
            new GenerationOptions { TopK = -1 },
            new GenerationOptions { MinP = -0.5 },
            new GenerationOptions { MinP = 1 },
            new GenerationOptions { MaxTokens = 0 },
            new GenerationOptions { StopStrings = ["a", ""] },
        ];

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public async Task Options_out_of_range_are_refused(GenerationOptions options)
    {
        await using LanguageModel model = await LoadAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => model.GenerateAsync(Question, options, Deadline));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CollectAsync(model.StreamAsync(Question, options, Deadline)));
    }

    [Fact]
    public async Task A_prompt_that_does_not_fit_is_refused()
    {
        await using LanguageModel model = await LanguageModel.LoadAsync(BundledModel.Path, new() { Context = 16 }, Deadline);

        await Assert.ThrowsAsync<ArgumentException>(() => model.GenerateAsync(new string('1', 16), Sampled, Deadline));
        await Assert.ThrowsAsync<ArgumentException>(() => model.GenerateAsync("", Sampled, Deadline));
        Assert.Throws<ArgumentException>(() => model.Chat());
        Completion full = await model.GenerateAsync(new string('1', 15), new() { Temperature = 0 }, Deadline);
        Assert.Equal((1, FinishReason.Length), (full.Tokens.Length, full.Finish));
    }

    [Fact]
    public async Task A_conversation_is_put_by_the_template_where_there_is_one()
    {
        await using LanguageModel plain = await LoadAsync();
        Assert.False(plain.HasChatTemplate);
        Assert.Equal(Question, plain.Chat(new ChatMessage("user", Question)).Text);

        string path = Copy("model");
        File.WriteAllText(
            Path.Combine(path, "chat_template.jinja"),
            "{% for m in messages %}A{{ m.content }}{% endfor %}{% if add_generation_prompt %}={% endif %}"
        );
        await using LanguageModel chat = await LanguageModel.LoadAsync(path, cancellationToken: Deadline);

        Assert.True(chat.HasChatTemplate);
        ModelPrompt prompt = chat.Chat(new("user", "1"), new("assistant", "2"), new("user", "3"));
        Assert.Equal("A1A2A3=", prompt.Text);
        Assert.Equal(chat.Tokenizer.Encode("A1A2A3="), prompt.Ids);
    }

    [Fact]
    public async Task A_template_that_cannot_be_read_is_named_when_it_is_needed()
    {
        string path = Copy("broken");
        File.WriteAllText(Path.Combine(path, "chat_template.jinja"), "{% for %}");
        await using LanguageModel model = await LanguageModel.LoadAsync(path, cancellationToken: Deadline);

        Assert.NotEmpty((await model.GenerateAsync(model.Text(Question), Sampled, Deadline)).Text);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => model.Chat(new ChatMessage("user", Question)));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_directory_is_its_newest_checkpoint()
    {
        string run = _folder.Folder("run");
        File.WriteAllText(Path.Combine(run, "effective.conf"), "icpo.model.special-tokens = none");
        InvalidDataException none = await Assert.ThrowsAsync<InvalidDataException>(() => LanguageModel.LoadAsync(run));
        Assert.Contains(run, none.Message, StringComparison.Ordinal);

        foreach (string name in new[] { "update-000004", "update-000012", "update-000008", "update-000099.tmp", "other" })
        {
            Copy(Path.Combine("run", "checkpoints", name));
        }

        await using LanguageModel model = await LanguageModel.LoadAsync(run, cancellationToken: Deadline);

        Assert.Equal(Path.Combine(run, "checkpoints", "update-000012"), model.Path);
    }

    [Fact]
    public async Task What_is_not_a_model_is_named() =>
        Assert.Contains(
            _folder.Path,
            (await Assert.ThrowsAsync<InvalidDataException>(() => LanguageModel.LoadAsync(_folder.Path))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Loading_can_be_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            LanguageModel.LoadAsync(BundledModel.Path, cancellationToken: new CancellationToken(true))
        );

    private static Task<LanguageModel> LoadAsync(int slots = 8) =>
        LanguageModel.LoadAsync(BundledModel.Path, new() { Slots = slots }, Deadline);

    private static async Task<List<string>> CollectAsync(IAsyncEnumerable<string> stream)
    {
        List<string> parts = [];
        await foreach (string part in stream)
        {
            parts.Add(part);
        }

        return parts;
    }

    private string Copy(string name)
    {
        string path = _folder.Folder(name);
        foreach (string file in Directory.EnumerateFiles(BundledModel.Path))
        {
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        }

        return path;
    }
}
