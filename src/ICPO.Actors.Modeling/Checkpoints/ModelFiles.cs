using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Checkpoints;

/// <summary>The weights of a model, open and checked against its config; nothing is read until a tensor is copied.</summary>
/// <param name="config">The model's shape.</param>
/// <param name="tensors">Files that together hold every parameter once.</param>
/// <param name="owned">Disposed with this.</param>
internal sealed class ModelFiles(DecoderConfig config, IReadOnlyList<ITensorFile> tensors, IReadOnlyList<IDisposable> owned) : IDisposable
{
    public DecoderConfig Config { get; } = config;

    public IReadOnlyList<ITensorFile> Tensors { get; } = tensors;

    public void Dispose()
    {
        foreach (IDisposable file in owned)
        {
            file.Dispose();
        }
    }
}
