using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests;

public sealed class HuggingFaceDirectoryTests
{
    private static readonly DecoderConfig Tiny = new()
    {
        VocabSize = 13,
        HiddenSize = 8,
        IntermediateSize = 12,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        NumKeyValueHeads = 1,
        HeadDim = 6,
        MaxPositionEmbeddings = 32,
        RopeTheta = 5000,
        RmsNormEps = 1e-5,
    };

    [Fact]
    public void Every_malformed_directory_is_refused_by_a_sentence_that_names_it()
    {
        var folder = Fixtures.Require("models/malformed/folders");
        var (applied, skipped) = (0, 0);
        foreach (var entry in Fixtures.Json(Path.Combine(folder, "index.json")).GetProperty("folders").EnumerateArray())
        {
            if (entry.GetProperty("expect").GetString() != "error")
            {
                skipped++; // valid directories of other architectures
                continue;
            }

            applied++;
            var path = Path.Combine(folder, entry.GetProperty("folder").GetString()!);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => HuggingFaceDirectory.Load(path)).Message);
        }

        Fixtures.Count(applied, skipped, "directories that must be refused");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_saved_decoder_loads_as_the_same_decoder(bool tied)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model");
        using var decoder = new Decoder(Tiny with { TieWordEmbeddings = tied, AttentionBias = !tied }).Initialize(3);
        var special = new SpecialTokens(1, [2, 3], 0);
        var written = HuggingFaceDirectory.Save(path, decoder, special);
        Assert.Equal(written, HuggingFaceDirectory.Save(path, decoder, special)); // replaces

        using var loaded = HuggingFaceDirectory.Load(path);
        Assert.Equal(decoder.Config, loaded.Config);
        var read = HuggingFaceDirectory.LoadSpecialTokens(path);
        Assert.Equal((special.Bos, special.Pad), (read.Bos, read.Pad));
        Assert.Equal(special.Eos, read.Eos);
        foreach (var ((name, a), (_, b)) in decoder.named_parameters().Zip(loaded.named_parameters()))
        {
            Assert.True(a.equal(b).all().ToBoolean(), name);
        }

        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(["config.json", "generation_config.json", "model.safetensors"], Directory.GetFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_tensor_missing_unexpected_or_of_another_shape_is_named_and_nothing_is_copied()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var decoder = new Decoder(Tiny).Initialize(3);
        var all = decoder.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        var before = all["lm_head.weight"].clone();

        Refused(all.Where(t => t.Key != "model.norm.weight"), "model.norm.weight");
        Refused(all.Append(new("more", ones(1))), "more");
        Refused(all.Where(t => t.Key != "lm_head.weight").Append(new("lm_head.weight", ones(1, 2))), "lm_head.weight");
        Assert.True(before.equal(all["lm_head.weight"]).all().ToBoolean());

        void Refused(IEnumerable<KeyValuePair<string, Tensor>> tensors, string name)
        {
            var path = Path.Combine(folder.Path, "w.safetensors");
            SafetensorsWriter.Write(path, tensors.Select(t => KeyValuePair.Create(t.Key, t.Value.detach() * 2)));
            var message = Assert.Throws<InvalidDataException>(() => HuggingFaceDirectory.LoadWeights(decoder, path)).Message;
            Assert.Contains(path, message);
            Assert.Contains($"tensor {name} ", message);
        }
    }
}
