using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Tests.Inference;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Transformer;

public sealed class ModelFamilyTests : IDisposable
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 22, 0];

    private readonly TemporaryFolder _folder = new();
    private readonly Phi3Reference _reference;

    public ModelFamilyTests()
    {
        TorchRuntime.EnsureLoaded();
        _reference = new();
        using DisposeScope scope = NewDisposeScope();
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), Phi3Reference.Config);
        SafetensorsWriter.Write(Path.Combine(_folder.Path, HuggingFaceDirectory.Weights), _reference.Tensors);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_phi3_checkpoint_gives_the_logits_of_an_independent_implementation()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using Decoder decoder = HuggingFaceDirectory.Load(_folder.Path);
        Assert.Equal(ScalarType.Float64, decoder.Dtype);
        Tensor logits = decoder.Forward(tensor(Ids, ScalarType.Int64).unsqueeze(0))[0];
        Fixtures.Close([.. _reference.Logits(Ids).SelectMany(row => row)], logits.data<double>().ToArray(), 1e-9, "logits");
    }

    [Theory]
    [InlineData(DecodeSessionTests.Kind.Rows)]
    [InlineData(DecodeSessionTests.Kind.Tensors)]
    public void An_engine_decodes_a_phi3_checkpoint_as_the_independent_implementation_does(DecodeSessionTests.Kind kind)
    {
        using DisposeScope scope = NewDisposeScope();
        DecoderConfig config = HuggingFaceDirectory.LoadConfig(_folder.Path);
        using DecodeSession session = DecodeSessionTests.Create(kind, config, 2, 32, ScalarType.Float32);
        List<SafetensorsFile> shards = WeightFiles.Open(_folder.Path);
        session.Weights.Load((IReadOnlyList<ITensorFile>)shards);
        shards.ForEach(file => file.Dispose());
        double[][] expected = _reference.Logits(Ids);
        Check(session.Forward([.. Ids[..5].Select((id, at) => new Row(id, 0, at))], [4]), 4);
        for (int at = 5; at < Ids.Length; at++)
        {
            Check(session.Forward([new Row(Ids[at], 0, at)], [0]), at);
        }

        void Check(ReadOnlySpan<float> logits, int at) =>
            Fixtures.Close(expected[at], [.. logits.ToArray().Select(value => (double)value)], 1e-4, $"{kind}, position {at}");
    }

    [Fact]
    public void A_saved_phi3_checkpoint_holds_the_tensors_that_were_loaded()
    {
        string saved = Path.Combine(_folder.Path, "saved");
        using (Decoder decoder = HuggingFaceDirectory.Load(_folder.Path))
        {
            HuggingFaceDirectory.Save(saved, decoder, new(null, [2], null));
            Assert.Equal(decoder.Config, HuggingFaceDirectory.LoadConfig(saved));
        }

        using DisposeScope scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(saved, HuggingFaceDirectory.Weights));
        ITensorFile tensors = file;
        Assert.Equal(
            _reference.Tensors.Select(pair => pair.Key).Order(StringComparer.Ordinal),
            tensors.Shapes.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)
        );
        foreach ((string name, long[] shape) in tensors.Shapes)
        {
            Tensor stored = empty(shape, ScalarType.Float64);
            file.CopyTo(name, stored);
            Assert.Equal(_reference.Values(name), stored.data<double>().ToArray());
        }
    }

    [Fact]
    public void A_phi3_window_limits_the_context_and_adapters_are_refused_by_name()
    {
        Assert.Equal(48, HuggingFaceDirectory.LoadConfig(_folder.Path).MaxPositionEmbeddings);
        using Decoder decoder = HuggingFaceDirectory.Load(_folder.Path);
        LoraSettings lora = new() { Rank = 2, Targets = ["o_proj"] };
        Assert.Contains("'phi3'", Assert.Throws<InvalidDataException>(() => LoraAdapter.Create(decoder, lora, 1)).Message);
    }

    [Theory]
    [InlineData("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"longrope\"}", "longrope")]
    [InlineData("0.75", "0.7", "partial_rotary_factor")]
    [InlineData("0.75", "1.5", "partial_rotary_factor")]
    [InlineData("\"intermediate_size\": 20", "\"intermediate_size\": 24", "gate_up_proj")]
    public void A_phi3_checkpoint_that_would_compute_something_else_is_refused(string old, string changed, string named)
    {
        Assert.Contains(old, Phi3Reference.Config);
        File.WriteAllText(Path.Combine(_folder.Path, "config.json"), Phi3Reference.Config.Replace(old, changed));
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => HuggingFaceDirectory.Load(_folder.Path)).Message);
    }

    [Fact]
    public void A_registered_family_of_the_llama_kind_is_read_and_computed()
    {
        ModelFamily family = Llama.Family with { Name = "Mine", ModelType = "mine", ArchitectureClass = "MineForCausalLM" };
        ModelFamilies families = ModelFamilies.BuiltIn.With(family);
        Assert.Throws<ArgumentException>(() => families.With(family));

        DecoderConfig llama = Models.Shapes.First(shape => shape.Family == Llama.Family);
        string directory = Path.Combine(_folder.Path, "mine");
        using Decoder decoder = Models.Random(llama with { Family = family }, 5);
        HuggingFaceDirectory.Save(directory, decoder, new(null, [2], null));
        string path = Path.Combine(directory, "config.json");
        Assert.Contains("'mine'", Assert.Throws<InvalidDataException>(() => HuggingFaceConfig.Read(path)).Message);
        DecoderConfig read = HuggingFaceConfig.Read(path, families).Config;
        Assert.Equal(llama with { Family = family }, read);

        using DisposeScope scope = NewDisposeScope();
        using Decoder same = new(llama);
        HuggingFaceDirectory.LoadWeights(same, Path.Combine(directory, HuggingFaceDirectory.Weights));
        using Decoder own = new(read);
        HuggingFaceDirectory.LoadWeights(own, Path.Combine(directory, HuggingFaceDirectory.Weights));
        Tensor ids = tensor(Ids, ScalarType.Int64).unsqueeze(0);
        Assert.True(same.Forward(ids).equal(own.Forward(ids)).all().ToBoolean());
    }
}
