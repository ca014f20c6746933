using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Tests.Inference;

public sealed class PolicyBackendTests
{
    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public async Task An_engine_takes_what_the_learner_publishes(string dtype)
    {
        using TemporaryFolder folder = new();
        var tokenizer = CharacterTokenizer.Create("abcdefgh;=");
        using (Decoder decoder = Models.Random(Models.Shapes[0] with { VocabSize = tokenizer.VocabularySize }, 1))
        {
            HuggingFaceDirectory.Save(folder.In("model"), decoder, tokenizer.Special, tokenizer.Save);
        }

        var backend = new PolicyBackend(
            folder.In("model"),
            new EngineSettings { Slots = 4 },
            new LearnerSettings(),
            new BackendOptions { Dtype = dtype }
        );
        await using IGenerationEngine engine = backend.CreateEngine(0, isolateRequests: true);
        await using ILearner learner = backend.CreateLearner();
        var request = new GenerationRequest(
            [.. backend.Tokenizer.Encode("abc=")],
            [1, 2, 3],
            new SamplerSettings { MaxTokens = 30, StopStrings = [";"] }
        );
        GeneratedSequence[] before = await CollectAsync(engine, request);
        await engine.SwapAsync(await learner.PublishAsync(folder.Path, default, CancellationToken.None), CancellationToken.None);
        GeneratedSequence[] after = await CollectAsync(engine, request);

        // What an untrained learner publishes is the base model: the same seeds draw the same tokens.
        Assert.All(before.Zip(after), pair =>
        {
            Assert.Equal(pair.First.Tokens.AsEnumerable(), pair.Second.Tokens);
            Assert.Equal(pair.First.LogProbs.AsEnumerable(), pair.Second.LogProbs);
        });
    }

    [Fact]
    public async Task The_model_s_own_end_token_ends_a_response()
    {
        using TemporaryFolder folder = new();
        var tokenizer = CharacterTokenizer.Create("abc");
        using (Decoder decoder = Models.Random(Models.Shapes[0] with { VocabSize = tokenizer.VocabularySize }, 1))
        {
            HuggingFaceDirectory.Save(folder.Path, decoder, tokenizer.Special, tokenizer.Save);
        }

        await using IGenerationEngine engine = new PolicyBackend(
            folder.Path,
            new EngineSettings { Slots = 8 },
            new LearnerSettings()
        ).CreateEngine(0, isolateRequests: false);
        GeneratedSequence[] sequences = await CollectAsync(
            engine,
            new GenerationRequest(
                [.. tokenizer.Encode("abc")],
                [.. Enumerable.Range(1, 40).Select(i => (ulong)i)],
                new SamplerSettings { MaxTokens = 30 }
            )
        );
        Assert.Contains(sequences, sequence => sequence.Finish == FinishReason.Stop);
        Assert.All(sequences, sequence =>
        {
            Assert.DoesNotContain(tokenizer.Special.Eos[0], sequence.Tokens[..^1]);
            Assert.Equal(sequence.Tokens[^1] == tokenizer.Special.Eos[0], sequence.Finish == FinishReason.Stop);
        });
    }

    [Theory]
    [InlineData("gpu", "float32", "cuda")]
    [InlineData("cpu", "float16", "bfloat16")]
    public void Unknown_devices_and_dtypes_are_refused_with_what_is_allowed(string device, string dtype, string allowed) =>
        Assert.Contains(
            allowed,
            Assert
                .Throws<ArgumentException>(() =>
                    new PolicyBackend("nowhere", new EngineSettings(), new LearnerSettings(), new() { Device = device, Dtype = dtype })
                )
                .Message,
            StringComparison.Ordinal
        );

    private static async Task<GeneratedSequence[]> CollectAsync(IGenerationEngine engine, GenerationRequest request) =>
        [.. (await Engines.CollectAsync(engine, request, CancellationToken.None)).OrderBy(sequence => sequence.Sibling)];
}
