using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Tests.Inference;
using ICPO.Actors.Modeling.Tests.Training;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

/// <summary>GGUF files that the tests write themselves, of random models of every architecture.</summary>
public sealed class GgufRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static DecoderConfig[] Shapes =>
        [
            Learners.Config with
            {
                HiddenSize = 32,
                IntermediateSize = 64,
                HeadDim = 8,
                InitializerRange = 0.3,
            },
            Learners.Config with
            {
                Family = Qwen2.Family,
                HiddenSize = 32,
                IntermediateSize = 64,
                HeadDim = 8,
                InitializerRange = 0.3,
                TieWordEmbeddings = false,
            },
            Learners.Config with
            {
                Family = Llama.Family,
                HiddenSize = 32,
                IntermediateSize = 64,
                HeadDim = 16,
                InitializerRange = 0.3,
                NumKeyValueHeads = 1,
            },
        ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    [InlineData("Q8_0")]
    public void A_file_loads_as_the_decoder_that_was_written_rounded_to_its_type(string type)
    {
        foreach (DecoderConfig config in Shapes)
        {
            using DisposeScope scope = NewDisposeScope();
            using Decoder decoder = Models.Random(config, 5);
            string path = Write(decoder, type),
                directory = Path.Combine(_folder.Path, $"{config.Family.Name}-{type}");
            using Decoder loaded = GgufModel.Load(path, CPU, ScalarType.Float32);
            Assert.Equal(config with { InitializerRange = loaded.Config.InitializerRange }, loaded.Config);
            Assert.All(decoder.named_parameters().Zip(loaded.named_parameters()), pair =>
                Assert.Equal(Rounded(pair.First.parameter, type), pair.Second.parameter.data<float>().ToArray())
            );

            // The same model by every way: the file itself, and the directory that is made of it.
            Assert.Null(GgufConversion.Convert(path, directory, "float32").WithoutTokenizer);
            ModelSource file = ModelSource.Open(path),
                converted = ModelSource.Open(directory);
            using Decoder direct = file.Load(dtype: ScalarType.Float32),
                through = converted.Load();
            Tensor ids = arange(9).unsqueeze(0),
                want = loaded.Forward(ids);
            Assert.True(want.equal(direct.Forward(ids)).all().ToBoolean());
            Assert.True(want.equal(through.Forward(ids)).all().ToBoolean());
            Assert.Equal(file.LoadTokenizer().Encode("!\"#<end>"), converted.LoadTokenizer().Encode("!\"#<end>"));
            Assert.Equal([0, 1, 2, config.VocabSize - 1], file.LoadTokenizer().Encode("!\"#<end>"));
            Assert.Equal([config.VocabSize - 1], file.Special.Eos);
        }
    }

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void A_conversion_that_nobody_gave_a_dtype_loses_nothing_of_vectors_in_float32(string type)
    {
        using DisposeScope scope = NewDisposeScope();
        using Decoder decoder = Models.Random(Shapes[0], 5);
        using (no_grad())
        {
            decoder.named_parameters().Single(p => p.name == "model.norm.weight").parameter.fill_(0.1f);
        }

        string directory = Path.Combine(_folder.Path, $"lossless-{type}");
        GgufConversion.Convert(Write(decoder, type), directory);
        using Decoder converted = HuggingFaceDirectory.Load(directory);
        Assert.Equal(ScalarType.Float32, converted.Dtype);
        Assert.All(converted.named_parameters().Single(p => p.name == "model.norm.weight").parameter.data<float>().ToArray(), v =>
            Assert.Equal(0.1f, v)
        );
    }

    [Fact]
    public async Task An_adapter_is_trained_on_a_file_and_sampled_with_as_on_the_directory_that_is_made_of_it()
    {
        foreach (DecoderConfig config in Shapes)
        {
            using Decoder decoder = Models.Random(config, 5);
            string path = Write(decoder, "Q8_0"),
                directory = Path.Combine(_folder.Path, $"{config.Family.Name}");
            GgufConversion.Convert(path, directory, "float32");
            (List<GeneratedSequence> Samples, string Sha256) one = await TrainAsync(path),
                other = await TrainAsync(directory);
            Assert.Equal(one.Sha256, other.Sha256);
            Assert.Equal(one.Samples.Select(s => string.Join(' ', s.LogProbs)), other.Samples.Select(s => string.Join(' ', s.LogProbs)));
        }
    }

    [Fact]
    public void A_directory_that_holds_one_file_and_no_config_is_that_file_and_with_two_it_is_refused_by_their_names()
    {
        using Decoder decoder = Models.Random(Shapes[0], 5);
        string path = Write(decoder, "Q8_0"),
            directory = Path.Combine(_folder.Path, "downloaded"),
            inside = Path.Combine(directory, "a.gguf");
        Directory.CreateDirectory(directory);
        File.Copy(path, inside);
        Assert.Equal(inside, ModelSource.Open(directory).Path);
        File.Copy(path, Path.Combine(directory, "b.gguf"));
        Assert.Contains("a.gguf, b.gguf", Assert.Throws<InvalidDataException>(() => ModelSource.Open(directory)).Message);
    }

    [Fact]
    public void A_tokenizer_that_does_not_match_the_embedding_is_refused_by_a_sentence_that_names_both_sizes()
    {
        string model = Path.Combine(_folder.Path, "model");
        var tokenizer = CharacterTokenizer.Create("abcdefghijklmnopqrstuvw");
        using Decoder decoder = Learners.Decoder();
        HuggingFaceDirectory.Save(model, decoder, tokenizer.Special, tokenizer.Save);
        string message = Assert.Throws<InvalidDataException>(() => new PolicyBackend(model, new(), new())).Message;
        Assert.Contains("26 tokens", message);
        Assert.Contains("23 rows", message);
    }

    private async Task<(List<GeneratedSequence> Samples, string Sha256)> TrainAsync(string model)
    {
        CancellationToken deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
        var backend = new PolicyBackend(
            model,
            new EngineSettings { Slots = 4 },
            new LearnerSettings { Optimizer = new() { LearningRate = 1e-2 } },
            new BackendOptions { Lora = new() { Rank = 2 } }
        );
        await using IGenerationEngine engine = backend.CreateEngine(0, isolateRequests: true);
        await using ILearner learner = backend.CreateLearner();
        UpdateReport report = await learner.UpdateAsync(Learners.Batch(0, 3), deadline);
        await engine.SwapAsync(await learner.PublishAsync(Path.Combine(_folder.Path, "policies"), default, deadline), deadline);
        List<GeneratedSequence> sequences = [];
        await foreach (
            GeneratedSequence sequence in engine.GenerateAsync(new([3, 5], [1, 2], new SamplerSettings { MaxTokens = 10 }), deadline)
        )
        {
            sequences.Add(sequence);
        }

        return ([.. sequences.OrderBy(s => s.Sibling)], report.WeightsSha256);
    }

    private string Write(Decoder decoder, string type)
    {
        string path = Path.Combine(_folder.Path, $"{decoder.Config.Family.Name}-{type}.gguf");
        GgufWriter.Write(path, decoder, type);
        return path;
    }

    private static float[] Rounded(Tensor parameter, string type) =>
        GgufWriter.Rounded(parameter.data<float>().ToArray(), parameter.dim() == 1 ? "F32" : type);
}
