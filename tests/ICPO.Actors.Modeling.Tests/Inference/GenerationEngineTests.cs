using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using static ICPO.Actors.Modeling.Tests.Inference.Engines;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>What an engine generates.</summary>
public sealed class GenerationEngineTests
{
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
}
