using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;

namespace EndToEnd.Tests;

/// <summary>Qwen3-1.7B with 1/64 of the width and two layers, over the printable ASCII characters.</summary>
internal static class SmallModel
{
    public static CharacterTokenizer Tokenizer { get; } =
        CharacterTokenizer.Create([.. Enumerable.Range(' ', 95).Select(c => (char)c), '\n']);

    /// <returns>Its directory.</returns>
    public static string Create(TemporaryFolder directory)
    {
        string path = Path.Combine(directory.Path, "model");
        TorchRuntime.EnsureLoaded();
        using Decoder decoder = new Decoder(
            new()
            {
                VocabSize = Tokenizer.VocabularySize,
                HiddenSize = 32,
                IntermediateSize = 96,
                NumHiddenLayers = 2,
                NumAttentionHeads = 4,
                NumKeyValueHeads = 2,
                HeadDim = 8,
                MaxPositionEmbeddings = 2048,
                RopeTheta = 1_000_000,
                TieWordEmbeddings = true,
            }
        ).Initialize(1);
        HuggingFaceDirectory.Save(path, decoder, Tokenizer.Special, Tokenizer.Save);
        return path;
    }
}
