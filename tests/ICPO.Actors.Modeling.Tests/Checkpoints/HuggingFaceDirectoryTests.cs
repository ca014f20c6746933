using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Actors.Modeling.Transformer.Families;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints;

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
    public void Every_malformed_directory_is_refused_by_a_sentence_that_names_it_and_valid_ones_load()
    {
        string folder = Fixtures.Require("models/malformed/folders");
        int applied = 0;
        foreach (JsonElement entry in Fixtures.Json(Path.Combine(folder, "index.json")).GetProperty("folders").EnumerateArray())
        {
            applied++;
            string path = Path.Combine(folder, entry.GetProperty("folder").GetString()!);
            if (entry.GetProperty("expect").GetString() == "ok")
            {
                HuggingFaceDirectory.Load(path).Dispose();
                continue;
            }

            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => HuggingFaceDirectory.Load(path)).Message);
        }

        Fixtures.Count(applied, 0, "all directories of the index");
    }

    private static DecoderConfig[] Shapes =>
        [
            Tiny,
            Tiny with
            {
                TieWordEmbeddings = true,
                AttentionBias = true,
            },
            Tiny with
            {
                Family = Qwen2.Family,
                TieWordEmbeddings = true,
            },
            Tiny with
            {
                Family = Llama.Family,
                RopeScaling = new LinearRopeScaling(2.5),
            },
            Tiny with
            {
                Family = Llama.Family,
                AttentionBias = true,
                MlpBias = true,
                RopeScaling = new Llama3RopeScaling(8, 1, 4, 16),
            },
            Tiny with
            {
                Family = Phi3.Family,
                HeadDim = 8,
                PartialRotaryFactor = 0.5,
            },
        ];

    [Fact]
    public void A_saved_decoder_loads_as_the_same_decoder()
    {
        foreach (DecoderConfig config in Shapes)
        {
            SaveAndLoad(config);
        }
    }

    private static void SaveAndLoad(DecoderConfig config)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model");
        using Decoder decoder = new Decoder(config).Initialize(3);
        var special = new SpecialTokens(1, [2, 3], 0);
        WrittenFile written = HuggingFaceDirectory.Save(path, decoder, special);
        Assert.Equal(written, HuggingFaceDirectory.Save(path, decoder, special)); // replaces

        using Decoder loaded = HuggingFaceDirectory.Load(path);
        Assert.Equal(decoder.Config, loaded.Config);
        SpecialTokens read = HuggingFaceDirectory.LoadSpecialTokens(path);
        Assert.Equal((special.Bos, special.Pad), (read.Bos, read.Pad));
        Assert.Equal(special.Eos, read.Eos);
        foreach (
            ((string? name, TorchSharp.Modules.Parameter? a), (string _, TorchSharp.Modules.Parameter? b)) in decoder
                .named_parameters()
                .Zip(loaded.named_parameters())
        )
        {
            Assert.True(a.equal(b).all().ToBoolean(), name);
        }

        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(
            ["config.json", "generation_config.json", "model.safetensors"],
            Directory.GetFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("config.json", "\"silu\"", "\"relu6\"", "hidden_act 'relu6'")]
    [InlineData("config.json", "\"qwen3\"", "\"other\"", "model_type 'other'")]
    [InlineData("config.json", "\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"yarn\"}", "rope_scaling.type 'yarn'")]
    [InlineData("config.json", "\"use_sliding_window\": false", "\"use_sliding_window\": true", "use_sliding_window")]
    [InlineData("config.json", "\"vocab_size\"", "\"layer_types\": [\"sliding_attention\"], \"vocab_size\"", "'sliding_attention'")]
    [InlineData("config.json", "\"Qwen3ForCausalLM\"", "\"Qwen3ForTokenClassification\"", "architectures")]
    [InlineData("config.json", "\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"linear\"}", "rope_scaling.factor")]
    [InlineData("config.json", "\"hidden_size\": 8", "\"hidden_size\": -8", "hidden_size")]
    [InlineData("config.json", "\"hidden_size\": 8", "\"hidden_size\": 2000000000", "the config asks for")]
    [InlineData("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000000", "more than there are tensors")]
    [InlineData("config.json", "\"vocab_size\"", "\"vocab_sise\"", "vocab_size")]
    [InlineData("config.json", "\"head_dim\": 6", "\"head_dim\": 5", "head_dim 5")]
    [InlineData("config.json", "\"torch_dtype\": \"float32\"", "\"torch_dtype\": \"int4\"", "dtype 'int4'")]
    [InlineData("config.json", "}", "", "not valid JSON")]
    public void A_changed_directory_is_refused_with_the_file_and_the_key(string file, string old, string changed, string place)
    {
        using var folder = new TemporaryFolder();
        using Decoder decoder = new Decoder(Tiny).Initialize(3);
        string model = Path.Combine(folder.Path, "model");
        HuggingFaceDirectory.Save(model, decoder, new(null, [], null));
        string path = Path.Combine(model, file);
        string text = File.ReadAllText(path);
        Assert.Contains(old, text);
        File.WriteAllText(path, text.Replace(old, changed));

        string message = Assert.Throws<InvalidDataException>(() => HuggingFaceDirectory.Load(model)).Message;
        Assert.Contains(model, message);
        Assert.Contains(place, message);
    }

    [Fact]
    public void Shards_load_as_one_and_an_index_that_leaves_its_directory_is_refused()
    {
        using var folder = new TemporaryFolder();
        using Decoder decoder = new Decoder(Tiny).Initialize(3);
        string model = Path.Combine(folder.Path, "model");
        HuggingFaceDirectory.Save(model, decoder, new(null, [], null));
        File.Delete(Path.Combine(model, HuggingFaceDirectory.Weights));
        foreach (
            (int shard, IGrouping<int, (string name, TorchSharp.Modules.Parameter parameter)>? tensors) in decoder
                .named_parameters()
                .GroupBy(p => p.name.Length % 2)
                .Select(g => (g.Key, g))
        )
        {
            SafetensorsWriter.Write(
                Path.Combine(model, $"{shard}.safetensors"),
                tensors.Select(p => KeyValuePair.Create(p.name, (Tensor)p.parameter))
            );
        }

        using Decoder loaded = Load(".");
        Assert.True(
            loaded
                .named_parameters()
                .Zip(decoder.named_parameters())
                .All(p => p.First.parameter.equal(p.Second.parameter).all().ToBoolean())
        );
        Assert.Contains("..", Assert.Throws<InvalidDataException>(() => Load("..")).Message);
        Assert.Contains("absent", Assert.Throws<InvalidDataException>(() => Load("absent")).Message);

        Decoder Load(string kind)
        {
            var map = decoder
                .named_parameters()
                .ToDictionary(
                    p => p.name,
                    p =>
                        kind switch
                        {
                            ".." => "../x.safetensors",
                            "absent" => "absent.safetensors",
                            _ => $"{p.name.Length % 2}.safetensors",
                        }
                );
            File.WriteAllText(
                Path.Combine(model, "model.safetensors.index.json"),
                System.Text.Json.JsonSerializer.Serialize(new { weight_map = map })
            );
            return HuggingFaceDirectory.Load(model);
        }
    }

    [Fact]
    public void A_directory_that_cannot_be_written_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        using Decoder decoder = new Decoder(Tiny).Initialize(3);
        string model = Path.Combine(folder.Path, "model");
        HuggingFaceDirectory.Save(model, decoder, new(null, [], null), CharacterTokenizer.Create("abc").Save);
        Assert.Throws<IOException>(() =>
            HuggingFaceDirectory.Save(model, decoder, new(null, [], null), _ => throw new IOException("disk full"))
        );
        Assert.Equal([model], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(6, TokenizerJson.Load(model).VocabularySize);

        HuggingFaceDirectory.Save(model, decoder, new(null, [], null), to => HuggingFaceDirectory.CopyTokenizer(model, to));
        Assert.Equal([3, 2], TokenizerJson.Load(model).Encode("a<eos>"));
    }

    [Fact]
    public void A_tensor_missing_unexpected_or_of_another_shape_is_named_and_nothing_is_copied()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = NewDisposeScope();
        using Decoder decoder = new Decoder(Tiny).Initialize(3);
        var all = decoder.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        Tensor before = all["lm_head.weight"].clone();

        Refused(all.Where(t => t.Key != "model.norm.weight"), "model.norm.weight");
        Refused(all.Append(new("more", ones(1))), "more");
        Refused(all.Where(t => t.Key != "lm_head.weight").Append(new("lm_head.weight", ones(1, 2))), "lm_head.weight");
        Assert.True(before.equal(all["lm_head.weight"]).all().ToBoolean());

        void Refused(IEnumerable<KeyValuePair<string, Tensor>> tensors, string name)
        {
            string path = Path.Combine(folder.Path, "w.safetensors");
            SafetensorsWriter.Write(path, tensors.Select(t => KeyValuePair.Create(t.Key, t.Value.detach() * 2)));
            string message = Assert.Throws<InvalidDataException>(() => HuggingFaceDirectory.LoadWeights(decoder, path)).Message;
            Assert.Contains(path, message);
            Assert.Contains($"tensor {name} ", message);
        }
    }

    [Fact]
    public void A_copied_tokenizer_has_its_named_templates()
    {
        using var from = new TemporaryFolder();
        string templates = Directory.CreateDirectory(Path.Combine(from.Path, "additional_chat_templates")).FullName;
        File.WriteAllText(Path.Combine(templates, "tool_use.jinja"), "{{ messages | length }}");
        using var to = new TemporaryFolder();
        HuggingFaceDirectory.CopyTokenizer(from.Path, to.Path);
        Assert.Equal("{{ messages | length }}", File.ReadAllText(Path.Combine(to.Path, "additional_chat_templates", "tool_use.jinja")));
    }
}
