using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints;

/// <summary>A checkpoint file under the decoder's names: fused tensors are split and rows reordered while they are copied.</summary>
internal sealed class LayoutTensors : ITensorFile
{
    private readonly ITensorFile _file;
    private readonly CheckpointLayout _layout;
    private readonly Dictionary<string, Source> _sources = [];

    /// <exception cref="InvalidDataException">A fused tensor does not have the rows of its parts, or a tensor occurs twice.</exception>
    public LayoutTensors(ITensorFile file, CheckpointLayout layout)
    {
        (_file, _layout) = (file, layout);
        foreach ((string stored, long[] shape) in file.Shapes)
        {
            IReadOnlyList<string> parts = layout.Parts(stored);
            long[] rows = parts.Count == 1 ? [shape.FirstOrDefault()] : [.. parts.Select(layout.Rows)];
            if (parts.Count > 1 && (shape.Length != 2 || rows.Sum() != shape[0]))
            {
                throw new InvalidDataException(
                    $"{file.Path}: tensor {stored} has the shape [{string.Join(", ", shape)}]; the config requires {rows.Sum()} rows."
                );
            }

            long start = 0;
            foreach ((string part, long count) in parts.Zip(rows))
            {
                if (!_sources.TryAdd(part, new Source(stored, shape, start, count)))
                {
                    throw new InvalidDataException($"{file.Path}: {part} is stored both in {_sources[part].Stored} and in {stored}.");
                }

                start += count;
            }
        }
    }

    public string Path => _file.Path;

    public IEnumerable<(string Name, long[] Shape)> Shapes =>
        _sources.Select(source => (source.Key, (long[])(source.Value.Shape is [_, .. var rest] ? [source.Value.Rows, .. rest] : [])));

    public void CopyTo(string name, Tensor target)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Source source = _sources[name];
        Tensor stored = empty(source.Shape, target.dtype);
        _file.CopyTo(source.Stored, stored);
        Tensor rows = source.Shape.Length == 0 ? stored : stored.narrow(0, source.Start, source.Rows);
        target.copy_(_layout.FromStored(name, rows));
    }

    private sealed record Source(string Stored, long[] Shape, long Start, long Rows);
}
