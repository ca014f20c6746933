using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>Writes a model with its adapter merged.</summary>
public static class AdapterMerge
{
    /// <summary>
    /// Makes a Hugging Face directory of a base model with an adapter merged into it, in the base model's dtype; sums are rounded once.
    /// </summary>
    /// <param name="model">A Hugging Face directory, a GGUF file, or an adapter's directory that names its base model.</param>
    /// <param name="adapter">A PEFT directory; null if the model is one.</param>
    /// <param name="directory">The directory to write; one that is there is replaced.</param>
    /// <exception cref="InvalidDataException">A file, key or tensor is missing, malformed or does not fit; names it.</exception>
    public static WrittenFile Write(string model, string? adapter, string directory)
    {
        var source = ModelSource.Open(model, adapter);
        using Decoder decoder = source.Load();
        return HuggingFaceDirectory.Save(directory, decoder, source.Special, source.SaveTokenizer);
    }
}
