using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints;

/// <summary>A file of named tensors under their Hugging Face names, of which nothing is read until a tensor is copied.</summary>
internal interface ITensorFile
{
    string Path { get; }

    IEnumerable<(string Name, long[] Shape)> Shapes { get; }

    /// <summary>Copies a tensor over <paramref name="target"/> of the same shape and any dtype and device.</summary>
    void CopyTo(string name, Tensor target);
}
