using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Checkpoints.HuggingFace;

/// <summary>
/// An output matrix that is stored although the config ties it to the embedding. As in transformers 5, one that differs from the embedding
/// is used, and the model is not tied.
/// </summary>
internal static class StoredHead
{
    public const string Name = "lm_head.weight";
    private const string Embedding = "model.embed_tokens.weight";

    /// <summary>The shape of the model whose weights these are.</summary>
    public static DecoderConfig Apply(DecoderConfig config, IReadOnlyList<SafetensorsFile> files) =>
        config.TieWordEmbeddings && Differs(files) ? config with { TieWordEmbeddings = false } : config;

    /// <summary>Whether an output matrix is stored that is not the embedding.</summary>
    public static bool Differs(IReadOnlyList<SafetensorsFile> files)
    {
        SafetensorsFile? head = files.FirstOrDefault(f => f.Contains(Name));
        SafetensorsFile? embedding = files.FirstOrDefault(f => f.Contains(Embedding));
        return head is not null && embedding is not null && !SafetensorsFile.HoldSame((head, Name), (embedding, Embedding));
    }
}
