using System.Security.Cryptography;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

public sealed class GenerationEngineTests
{
    private static readonly DecoderConfig Config = Models.Shapes[0];

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task Recorded_log_probabilities_are_those_of_a_full_forward_pass()
    {
        foreach (DecoderConfig config in Models.Shapes)
        {
            using Decoder decoder = Models.Random(config, 1);
            await using GenerationEngine engine = Engine(decoder, slots: 7);
            GenerationRequest[] requests =
            [
                .. Enumerable
                    .Range(0, 9)
                    .Select(at =>
                        Request(seed: at, prompt: 3 + 7 * at, siblings: 1 + at % 4, new SamplerSettings { MaxTokens = 5 + 3 * at })
                    ),
            ];
            GeneratedSequence[][] results = await Task.WhenAll(requests.Select(request => CollectAsync(engine, request, Deadline)));
            foreach ((GenerationRequest request, GeneratedSequence[] sequences) in requests.Zip(results))
            {
                Assert.Equal(Enumerable.Range(0, request.Seeds.Length), sequences.Select(sequence => sequence.Sibling).Order());
                foreach (GeneratedSequence sequence in sequences)
                {
                    Assert.Equal((request.Sampler.MaxTokens, FinishReason.Length), (sequence.Tokens.Length, sequence.Finish));
                    Fixtures.Close(Score(decoder, request, sequence), [.. sequence.LogProbs.Select(value => (double)value)], 1e-4, "log μ");
                }
            }
        }
    }

    [Fact]
    public async Task Many_prompts_share_a_small_engine_and_every_sibling_comes_once()
    {
        using Decoder decoder = Models.Random(Config, 2);
        await using GenerationEngine engine = Engine(decoder, slots: 3);
        GenerationRequest[] requests =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(at => Request(at, 1 + at, siblings: 1 + at % 8, new SamplerSettings { MaxTokens = 1 + at % 5 })),
        ];
        GeneratedSequence[][] results = await Task.WhenAll(requests.Select(request => CollectAsync(engine, request, Deadline)));
        Assert.All(requests.Zip(results), pair =>
            Assert.Equal(Enumerable.Range(0, pair.First.Seeds.Length), pair.Second.Select(sequence => sequence.Sibling).Order())
        );
    }

    [Fact]
    public async Task An_isolated_engine_gives_the_same_bits_alone_and_amid_a_hundred_others()
    {
        using Decoder decoder = Models.Random(Config, 3);
        GenerationRequest request = Request(seed: 1, prompt: 11, siblings: 9, new SamplerSettings { MaxTokens = 24, StopTokens = [5] });
        GeneratedSequence[] alone,
            amid;
        await using (GenerationEngine engine = Engine(decoder, slots: 4, isolate: true))
        {
            alone = await CollectAsync(engine, request, Deadline);
        }

        await using (GenerationEngine engine = Engine(decoder, slots: 4, isolate: true))
        {
            Task<GeneratedSequence[]>[] before =
            [
                .. Enumerable
                    .Range(0, 60)
                    .Select(at =>
                        CollectAsync(engine, Request(at, 1 + at % 13, 1 + at % 5, new SamplerSettings { MaxTokens = 3 + at % 7 }), Deadline)
                    ),
            ];
            Task<GeneratedSequence[]> middle = CollectAsync(engine, request, Deadline);
            Task<GeneratedSequence[]>[] after =
            [
                .. Enumerable
                    .Range(60, 40)
                    .Select(at =>
                        CollectAsync(engine, Request(at, 1 + at % 13, 1 + at % 5, new SamplerSettings { MaxTokens = 3 + at % 7 }), Deadline)
                    ),
            ];
            await Task.WhenAll([.. before, .. after]);
            amid = await middle;
        }

        Assert.Equal(alone.Select(Describe), amid.Select(Describe));
    }

    [Fact]
    public async Task A_swap_in_flight_shows_as_a_later_version_and_siblings_yet_to_start_are_wholly_of_it()
    {
        using Decoder old = Models.Random(Config, 4),
            next = Models.Random(Config, 5);
        using TemporaryFolder folder = new();
        await using GenerationEngine engine = Engine(old, slots: 8, version: 7);
        PolicySnapshot snapshot = Publish(next, folder.In("policy-8.safetensors"), 8);

        // Far more siblings than a swap takes time for, of lengths that differ: at any step some are half-way.
        GenerationRequest request = Request(1, 4, 20_000, new SamplerSettings { MaxTokens = 60, StopTokens = [5] });
        List<GeneratedSequence> sequences = [];
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, Deadline))
        {
            sequences.Add(sequence);
            if (sequences.Count == 1)
            {
                await engine.SwapAsync(snapshot, Deadline);
                Assert.Equal(new PolicyVersion(8), engine.Version);
            }

            if (sequence.Versions[0] == 8)
            {
                break;
            }
        }

        Assert.All(sequences, sequence => Assert.Equal(sequence.Versions.Order(), sequence.Versions));
        GeneratedSequence across = sequences.First(sequence => sequence.Versions is [7, .., 8]),
            fresh = sequences[^1];
        int before = across.Versions.Count(version => version == 7);
        Fixtures.Close(
            Score(old, request, across).AsSpan(0, before),
            [.. across.LogProbs.Take(before).Select(value => (double)value)],
            1e-4,
            "log μ before the swap"
        );
        Fixtures.Close(
            Score(next, request, fresh),
            [.. fresh.LogProbs.Select(value => (double)value)],
            1e-4,
            "log μ of a sibling started after the swap"
        );
    }

    [Fact]
    public async Task A_bad_weights_file_is_refused_and_the_old_weights_stay()
    {
        using Decoder decoder = Models.Random(Config, 6),
            other = Models.Random(Models.Shapes[2], 6);
        using TemporaryFolder folder = new();
        await using GenerationEngine engine = Engine(decoder, slots: 2, version: 3);
        PolicySnapshot good = Publish(decoder, folder.In("good.safetensors"), 4),
            misfit = Publish(other, folder.In("misfit.safetensors"), 4);
        File.WriteAllBytes(folder.In("cut.safetensors"), File.ReadAllBytes(good.Path)[..^8]);
        File.WriteAllText(folder.In("text.safetensors"), "not weights at all");
        PolicySnapshot[] bad =
        [
            good with
            {
                Sha256 = new string('0', 64),
            },
            good with
            {
                Path = folder.In("cut.safetensors"),
            },
            good with
            {
                Path = folder.In("absent.safetensors"),
            },
            Snapshot(folder.In("text.safetensors"), 4),
            misfit,
        ];
        foreach (PolicySnapshot snapshot in bad)
        {
            InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => engine.SwapAsync(snapshot, Deadline));
            Assert.Contains(snapshot.Path, refused.Message, StringComparison.Ordinal);
        }

        GenerationRequest request = Request(1, 4, 2, new SamplerSettings { MaxTokens = 5 });
        foreach (GeneratedSequence sequence in await CollectAsync(engine, request, Deadline))
        {
            Assert.All(sequence.Versions, version => Assert.Equal(3, version));
            Fixtures.Close(Score(decoder, request, sequence), [.. sequence.LogProbs.Select(value => (double)value)], 1e-4, "log μ");
        }
    }

    [Fact]
    public async Task Stop_strings_end_a_response_across_token_borders_and_stop_tokens_end_it_at_once()
    {
        using Decoder decoder = Models.Random(Config, 7);
        await using GenerationEngine engine = Engine(decoder, slots: 8);
        var settings = new SamplerSettings
        {
            MaxTokens = 300,
            StopTokens = [6],
            StopStrings = ["ba", "cc"],
        };
        GeneratedSequence[] sequences = await CollectAsync(engine, Request(1, 4, 40, settings), Deadline);
        Assert.All(sequences, sequence =>
        {
            string text = new Letters().Decode(sequence.Tokens.AsSpan()),
                before = new Letters().Decode(sequence.Tokens.AsSpan()[..^1]);
            Assert.Equal(FinishReason.Stop, sequence.Finish);
            Assert.True(
                sequence.Tokens[^1] == 6 || text.EndsWith("ba", StringComparison.Ordinal) || text.EndsWith("cc", StringComparison.Ordinal)
            );
            Assert.True(
                !sequence.Tokens[..^1].Contains(6)
                    && !before.Contains("ba", StringComparison.Ordinal)
                    && !before.Contains("cc", StringComparison.Ordinal)
            );
        });
        Assert.Contains(sequences, sequence => sequence.Tokens[^1] == 6);
        Assert.Contains(sequences, sequence => sequence.Tokens[^1] != 6);
    }

    [Fact]
    public async Task A_response_ends_where_the_context_ends()
    {
        using Decoder decoder = Models.Random(Config, 8);
        await using GenerationEngine engine = Engine(decoder, slots: 2, context: 20);
        GeneratedSequence sequence = Assert.Single(
            await CollectAsync(engine, Request(1, 15, 1, new SamplerSettings { MaxTokens = 100 }), Deadline)
        );
        Assert.Equal((5, FinishReason.Length), (sequence.Tokens.Length, sequence.Finish));
    }

    [Fact]
    public async Task A_request_that_cannot_run_is_refused_with_what_is_wrong()
    {
        using Decoder decoder = Models.Random(Config, 9);
        await using GenerationEngine engine = Engine(decoder, slots: 2, context: 20);
        GenerationRequest good = Request(1, 4, 1, new SamplerSettings { MaxTokens = 64 });
        Assert.Contains("empty", Refused(good with { Prompt = [] }), StringComparison.Ordinal);
        Assert.Contains("20", Refused(good with { Prompt = [.. Enumerable.Repeat(1, 20)] }), StringComparison.Ordinal);
        Assert.Contains("id 40", Refused(good with { Prompt = [3, 40] }), StringComparison.Ordinal);
        Assert.Contains("MaxTokens", Refused(good with { Sampler = new SamplerSettings { MaxTokens = 0 } }), StringComparison.Ordinal);

        string Refused(GenerationRequest request) =>
            Assert.Throws<ArgumentException>(() => engine.GenerateAsync(request, Deadline)).Message;
    }

    [Fact]
    public async Task Cancelling_a_request_frees_its_slots_for_the_next()
    {
        using Decoder decoder = Models.Random(Config, 10);
        await using GenerationEngine engine = Engine(decoder, slots: 4);
        for (int round = 0; round < 5; round++)
        {
            using CancellationTokenSource cancel = new();
            Task<GeneratedSequence[]> hogs = CollectAsync(
                engine,
                Request(1, 4, 4000, new SamplerSettings { MaxTokens = 390 }),
                cancel.Token
            );
            Task<GeneratedSequence[]> next = CollectAsync(engine, Request(2, 4, 4, new SamplerSettings { MaxTokens = 3 }), Deadline);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hogs);
            Assert.Equal(4, (await next).Length);
        }
    }

    [Fact]
    public async Task A_reader_that_leaves_frees_the_slots_too()
    {
        using Decoder decoder = Models.Random(Config, 10);
        await using GenerationEngine engine = Engine(decoder, slots: 2);
        await foreach (GeneratedSequence _ in engine.GenerateAsync(Request(1, 4, 4000, new SamplerSettings { MaxTokens = 390 }), Deadline))
        {
            break;
        }

        Assert.Equal(2, (await CollectAsync(engine, Request(2, 4, 2, new SamplerSettings { MaxTokens = 3 }), Deadline)).Length);
    }

    [Fact]
    public async Task Disposing_ends_open_and_later_requests_in_ObjectDisposedException()
    {
        using Decoder decoder = Models.Random(Config, 11);
        GenerationEngine engine = Engine(decoder, slots: 2);
        Task<GeneratedSequence[]> open = CollectAsync(engine, Request(1, 4, 4000, new SamplerSettings { MaxTokens = 390 }), Deadline);
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => open);
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            CollectAsync(engine, Request(2, 4, 1, new SamplerSettings { MaxTokens = 64 }), Deadline)
        );
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            engine.SwapAsync(new PolicySnapshot(new(1), default, "x", "", 0), Deadline)
        );
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_failure_on_the_thread_ends_every_request_with_its_cause()
    {
        using Decoder decoder = Models.Random(Config, 12);
        using (IDisposable gradients = no_grad())
        {
            decoder.get_parameter("model.norm.weight")!.fill_(double.NaN);
        }

        await using GenerationEngine engine = Engine(decoder, slots: 2);
        Task<GeneratedSequence[]>[] requests =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(seed => CollectAsync(engine, Request(seed, 4, 3, new SamplerSettings { MaxTokens = 64 }), Deadline)),
        ];
        foreach (Task<GeneratedSequence[]> request in requests)
        {
            await Assert.ThrowsAsync<ArithmeticException>(() => request);
        }

        await Assert.ThrowsAsync<ArithmeticException>(() =>
            CollectAsync(engine, Request(9, 4, 1, new SamplerSettings { MaxTokens = 64 }), Deadline)
        );
    }

    private static async Task<GeneratedSequence[]> CollectAsync(
        GenerationEngine engine,
        GenerationRequest request,
        CancellationToken cancellationToken
    )
    {
        List<GeneratedSequence> sequences = [];
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, cancellationToken))
        {
            sequences.Add(sequence);
        }

        return [.. sequences];
    }

    private static GenerationRequest Request(int seed, int prompt, int siblings, SamplerSettings sampler)
    {
        var random = new RandomStream((ulong)seed + 100);
        return new GenerationRequest(
            [.. Enumerable.Range(0, prompt).Select(_ => random.NextInt(Config.VocabSize))],
            [.. Enumerable.Range(0, siblings).Select(sibling => Seed.Derive((ulong)seed, (ulong)sibling))],
            sampler
        );
    }

    private static GenerationEngine Engine(Decoder decoder, int slots, bool isolate = false, long version = 0, int context = 0) =>
        new(
            decoder.Config,
            Models.Weights(decoder),
            new Letters(),
            new EngineSettings { Slots = slots, Context = context },
            new EngineOptions("test") { Version = new PolicyVersion(version), IsolateRequests = isolate }
        );

    /// <summary>log π of the sampled tokens by one pass over prompt and response.</summary>
    private static double[] Score(Decoder decoder, GenerationRequest request, GeneratedSequence sequence)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Tensor tokens = tensor((int[])[.. request.Prompt, .. sequence.Tokens], ScalarType.Int64);
        Tensor all = nn.functional.log_softmax(decoder.Forward(tokens.unsqueeze(0))[0].to(ScalarType.Float64), -1);
        int start = request.Prompt.Length;
        return [.. sequence.Tokens.Select((token, at) => all[start + at - 1, token].item<double>())];
    }

    private static PolicySnapshot Publish(Decoder decoder, string path, long version)
    {
        SafetensorsWriter.Write(path, Models.Weights(decoder));
        return Snapshot(path, version);
    }

    private static PolicySnapshot Snapshot(string path, long version) =>
        new(
            new PolicyVersion(version),
            default,
            path,
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
            new FileInfo(path).Length
        );

    private static string Describe(GeneratedSequence sequence) =>
        $"{sequence.Sibling}: {string.Join(',', sequence.Tokens)} "
        + $"{string.Join(',', sequence.LogProbs.Select(BitConverter.SingleToInt32Bits))} {sequence.Finish}";

    /// <summary>Token i is a letter of a small alphabet.</summary>
    private sealed class Letters : ITokenizer
    {
        public int VocabularySize => Config.VocabSize;

        public int[] Encode(string text) => [.. text.Select(letter => letter - 'a')];

        public string Decode(ReadOnlySpan<int> tokens) => string.Create(tokens.Length, tokens, (text, from) =>
            {
                for (int at = 0; at < from.Length; at++)
                {
                    text[at] = (char)('a' + from[at] % 5);
                }
            });
    }
}
