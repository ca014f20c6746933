using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Checkpoints.HuggingFace;

/// <summary>Lists stored tensors that are not used, and those that are used contrary to the config.</summary>
internal static class WeightNotes
{
    private const int MaxListed = 3;

    /// <param name="config">As config.json has it.</param>
    /// <param name="files">The weights.</param>
    public static string[] Describe(DecoderConfig config, IReadOnlyList<SafetensorsFile> files)
    {
        bool isUsed = config.TieWordEmbeddings && StoredHead.Differs(files);
        DecoderConfig used = StoredHead.Apply(config, files);
        string[] ignored =
        [
            .. files
                .SelectMany(f => f.Tensors)
                .Select(t => t.Name)
                .Where(name => DecoderWeights.IsIgnored(used, name))
                .Order(StringComparer.Ordinal),
        ];
        return
        [
            .. isUsed
                ?
                [
                    $"{StoredHead.Name} of {files[0].Path} is used: the config ties it to the embedding (tie_word_embeddings), but the "
                        + "stored matrix is another one.",
                ]
                : Array.Empty<string>(),
            .. ignored.Length > 0
                ? [$"{files[0].Path}: {Listed(ignored)} not used, since the config gives the same values."]
                : Array.Empty<string>(),
        ];
    }

    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(MaxListed))
        + (names.Length > MaxListed ? $" and {names.Length - MaxListed} more" : "")
        + (names.Length > 1 ? " are" : " is");
}
