using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Scoring;
using ICPO.Actors.Modeling.Tests.Training;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints;

/// <summary>No tensor of a model directory is dropped, and none is read as numbers that it does not hold.</summary>
public sealed class StoredTensorTests : IDisposable
{
    private const string Head = "lm_head.weight",
        Embedding = "model.embed_tokens.weight",
        Frequencies = "model.layers.0.self_attn.rotary_emb.inv_freq";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    public void A_head_beside_a_tied_embedding_is_used_where_it_differs(ScalarType embedding, ScalarType head)
    {
        string tied = Save("tied", embedding, (tensors, values) => tensors[Head] = (values[Embedding] * 2).to(head)),
            untied = Copy(tied, "untied");
        string config = Path.Combine(untied, HuggingFaceDirectory.Config);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"));
        int[] ids = [1, 2, 3, 4, 5];
        using SequenceScorer scorer = SequenceScorer.Load(tied),
            whole = SequenceScorer.Load(untied);
        Assert.Equal(whole.Score(ids), scorer.Score(ids));
        Assert.Contains(Head, Assert.Single(scorer.Notes));
        Assert.Empty(whole.Notes);
        Assert.False(ModelSource.Open(tied).Config.TieWordEmbeddings);

        // What is written of it is the same model.
        string merged = _folder.In("written");
        using (Decoder decoder = ModelSource.Open(tied).Load())
        {
            HuggingFaceDirectory.Save(merged, decoder, new(null, [], null));
        }

        using var again = SequenceScorer.Load(merged);
        Assert.Equal(scorer.Score(ids), again.Score(ids));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_head_that_repeats_the_embedding_stays_tied_and_is_named(ScalarType head)
    {
        string model = Save("repeated", ScalarType.Float32, (tensors, values) => tensors[Head] = values[Embedding].to(head));
        var source = ModelSource.Open(model);
        Assert.True(source.Config.TieWordEmbeddings);
        Assert.Contains(Head, Assert.Single(source.Notes()));
    }

    [Fact]
    public void Stored_frequencies_are_named_and_a_model_without_such_tensors_has_no_notes()
    {
        string model = Save("frequencies", ScalarType.Float32, (tensors, _) => tensors[Frequencies] = ones(2));
        Assert.Contains(Frequencies, Assert.Single(ModelSource.Open(model).Notes()));
        Assert.Empty(ModelSource.Open(Save("plain", ScalarType.Float32, (_, _) => { })).Notes());
    }

    [Fact]
    public void A_head_of_another_shape_and_a_tensor_that_nothing_asks_for_are_refused_by_name()
    {
        Refused(Save("shape", ScalarType.Float32, (tensors, _) => tensors[Head] = ones(3, 2)), Head);
        Refused(Save("more", ScalarType.Float32, (tensors, _) => tensors["model.layers.0.self_attn.k_scale"] = ones(1)), "k_scale");
    }

    [Theory]
    [InlineData("I8", 1)]
    [InlineData("U8", 1)]
    [InlineData("I16", 2)]
    [InlineData("U16", 2)]
    [InlineData("I32", 4)]
    [InlineData("U32", 4)]
    [InlineData("I64", 8)]
    [InlineData("U64", 8)]
    [InlineData("BOOL", 1)]
    [InlineData("C64", 8)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F8_E4M3FNUZ", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("F8_E5M2FNUZ", 1)]
    [InlineData("F8_E8M0", 1)]
    public void Weights_that_are_not_floating_point_are_refused_by_name_be_it_all_of_them_or_one(string dtype, int width)
    {
        foreach (bool isAll in (bool[])[true, false])
        {
            string model = Save($"{dtype}-{isAll}", ScalarType.Float32, (_, _) => { });
            string path = Path.Combine(model, HuggingFaceDirectory.Weights);
            (string Name, string Dtype, long[] Shape, byte[] Bytes)[] stored;
            using (var file = SafetensorsFile.Open(path))
            {
                stored =
                [
                    .. file.Tensors.Select(t =>
                        isAll || t.Name == Embedding
                            ? (t.Name, dtype, t.Shape, new byte[t.Shape.Aggregate(1L, (a, b) => a * b) * width])
                            : (t.Name, t.Dtype, t.Shape, file.Bytes(t.Name).ToArray())
                    ),
                ];
            }

            SafetensorsWriter.Write(path, stored);
            string message = Refused(model, dtype);
            Assert.Contains(isAll ? stored.Select(t => t.Name).Min(StringComparer.Ordinal)! : Embedding, message);
        }
    }

    [Theory]
    [InlineData("quantization_config")]
    [InlineData("compression_config")]
    public void A_quantized_config_is_refused_by_key(string key)
    {
        string model = Save("quantized", ScalarType.Float32, (_, _) => { }),
            config = Path.Combine(model, HuggingFaceDirectory.Config);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"hidden_size\"", $"\"{key}\": {{\"bits\": 8}}, \"hidden_size\""));
        Refused(model, key);
    }

    private string Save(string name, ScalarType dtype, Action<Dictionary<string, Tensor>, IReadOnlyDictionary<string, Tensor>> change)
    {
        string directory = _folder.In(name);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        using Decoder decoder = Learners.Decoder(dtype);
        HuggingFaceDirectory.Save(directory, decoder, new(null, [], null));
        var tensors = decoder.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach());
        change(tensors, new Dictionary<string, Tensor>(tensors));
        SafetensorsWriter.Write(Path.Combine(directory, HuggingFaceDirectory.Weights), tensors);
        return directory;
    }

    private string Copy(string from, string name)
    {
        string to = _folder.Folder(name);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }

    private static string Refused(string model, string named)
    {
        string message = Assert.Throws<InvalidDataException>(() => SequenceScorer.Load(model)).Message;
        Assert.Contains(model, message);
        Assert.Contains(named, message);
        return message;
    }
}
