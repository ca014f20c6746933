using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Tests.Inference;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Lora;

public sealed class LoraAdapterTests
{
    private static DecoderConfig Shape => Models.Shapes[2]; // untied

    [Fact]
    public void A_fresh_adapter_changes_nothing_and_leaves_the_decoder_as_it_was()
    {
        using DisposeScope scope = NewDisposeScope();
        using Decoder decoder = Models.Random(Shape, 3);
        Tensor ids = arange(9).unsqueeze(0);
        Tensor before = decoder.Forward(ids);
        using (var adapter = LoraAdapter.Create(decoder, new LoraSettings { Rank = 8 }, 1))
        {
            Assert.Equal(14, adapter.Parameters.Count()); // 7 layers, A and B
            Assert.Same(adapter, decoder.Adapter);
            Assert.All(decoder.named_parameters(), p => Assert.False(p.parameter.requires_grad));
            Assert.True(before.allclose(decoder.Forward(ids), 0, 1e-6));
        }

        Assert.Null(decoder.Adapter);
        Assert.All(decoder.named_parameters(), p => Assert.True(p.parameter.requires_grad));
    }

    [Fact]
    public void Growth_is_the_norm_of_the_changed_weights_relative_to_the_base_model()
    {
        using DisposeScope scope = NewDisposeScope();
        using Decoder decoder = Models.Random(Shape, 3);
        using var adapter = LoraAdapter.Create(decoder, new LoraSettings { Rank = 4, Targets = ["q_proj", "up_proj"] }, 1);
        Assert.Equal(1, adapter.Growth(), 1e-6);
        using (IDisposable constant = no_grad())
        {
            foreach ((string _, TorchSharp.Modules.Parameter parameter) in adapter.Parameters)
            {
                parameter.copy_(randn(parameter.shape));
            }
        }

        (double merged, double original) = (0, 0);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in decoder.named_parameters())
        {
            Tensor changed = adapter.Merged(name, parameter);
            if (!ReferenceEquals(changed, parameter))
            {
                merged += changed.square().sum().ToDouble();
                original += parameter.square().sum().ToDouble();
            }
        }

        Assert.Equal(Math.Sqrt(merged / original), adapter.Growth(), 1e-4 * adapter.Growth());
    }

    [Fact]
    public void Rank_alpha_and_rank_stabilised_scale_follow_the_patterns()
    {
        using Decoder decoder = Models.Random(Shape, 3);
        var settings = new LoraSettings
        {
            Rank = 4,
            Alpha = 8,
            Targets = ["q_proj", "mlp.up_proj", "lm_head"],
            UseRslora = true,
            RankPattern = [new("layers.0.self_attn.q_proj", 9), new("q_proj", 2)],
            AlphaPattern = [new(".*up_proj", 3)],
        };
        List<LoraPlace> places = LoraPlan.Find(LoraPlan.Layers(decoder), settings, "test");
        Assert.Equal(
            [("lm_head", 4, 8 / 2.0), ("model.layers.0.mlp.up_proj", 4, 3 / 2.0), ("model.layers.0.self_attn.q_proj", 9, 8 / 3.0)],
            places.Select(p => (p.Name, p.Rank, p.Scale))
        );
    }

    [Fact]
    public void Saved_weights_of_an_adapted_decoder_are_the_merged_ones_and_settings_come_back()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = NewDisposeScope();
        using Decoder decoder = Models.Random(Shape, 3);
        var settings = new LoraSettings
        {
            Rank = 3,
            Alpha = 4.5,
            Targets = ["k_proj", "o_proj", "lm_head"],
            RankPattern = [new("o_proj", 2)],
            AlphaPattern = [new("k_proj", 7)],
        };
        var adapter = LoraAdapter.Create(decoder, settings, 1);
        using (no_grad())
        {
            foreach ((string _, TorchSharp.Modules.Parameter? parameter) in adapter.Parameters)
            {
                parameter.normal_(0, 0.5);
            }
        }

        Tensor ids = arange(9).unsqueeze(0);
        Tensor expected = decoder.Forward(ids);
        (string? directory, string? model) = (Path.Combine(folder.Path, "adapter"), Path.Combine(folder.Path, "model"));
        adapter.Save(directory);
        HuggingFaceDirectory.Save(model, decoder, new(null, [], null));
        using (Decoder merged = HuggingFaceDirectory.Load(model))
        {
            Assert.True(expected.allclose(merged.Forward(ids), 0, 1e-4));
        }

        adapter.Dispose();
        HuggingFaceDirectory.Save(model, decoder, new(null, [], null));
        AdapterMerge.Write(model, directory, model + "-merged");
        using (Decoder merged = HuggingFaceDirectory.Load(model + "-merged"))
        {
            Assert.True(expected.allclose(merged.Forward(ids), 0, 1e-4));
        }

        Assert.False(expected.allclose(decoder.Forward(ids), 0, 1e-2));
        using var again = LoraAdapter.Load(decoder, directory);
        Assert.True(expected.equal(decoder.Forward(ids)).all().ToBoolean());
        Assert.Equal(
            (settings.Rank, settings.Alpha, 2, 7.0),
            (again.Settings.Rank, again.Settings.Alpha, again.Settings.RankPattern[0].Value, again.Settings.AlphaPattern[0].Value)
        );
    }

    [Theory]
    [InlineData("\"use_dora\": false", "\"use_dora\": true", "use_dora")]
    [InlineData("\"use_dora\": false", "\"something_new\": \"x\"", "something_new")]
    [InlineData("\"bias\": \"none\"", "\"bias\": \"all\"", "bias 'all'")]
    [InlineData("\"q_proj\"", "\"z_proj\"", "'z_proj'")]
    [InlineData("\"r\": 8", "\"r\": 2000000000", "lora_A.weight")]
    [InlineData("\"lora_alpha\": 16", "\"lora_alpha\": null", "lora_alpha")]
    [InlineData("\"rank_pattern\": {}", "\"rank_pattern\": {\"(\": 2}", "pattern")]
    [InlineData("\"init_lora_weights\": true", "\"init_lora_weights\": \"pissa\"", "'pissa'")]
    public void A_changed_config_is_refused_with_the_key(string old, string changed, string place)
    {
        using var folder = new TemporaryFolder();
        using Decoder decoder = Models.Random(Shape, 3);
        string directory = Path.Combine(folder.Path, "adapter");
        using (var adapter = LoraAdapter.Create(decoder, new LoraSettings { Rank = 8, Targets = ["q_proj"] }, 1))
        {
            adapter.Save(directory);
        }

        string path = Path.Combine(directory, "adapter_config.json");
        string text = File.ReadAllText(path);
        Assert.Contains(old, text);
        File.WriteAllText(path, text.Replace(old, changed));
        string message = Assert.Throws<InvalidDataException>(() => LoraAdapter.Load(decoder, directory)).Message;
        Assert.Contains(directory, message);
        Assert.Contains(place, message);
        Assert.Null(decoder.Adapter);
    }
}
