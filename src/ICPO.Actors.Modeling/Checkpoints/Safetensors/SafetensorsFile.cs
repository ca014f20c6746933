using ICPO.Actors.Modeling.Torch;
using ICPO.DataFiles.Files;
using TorchSharp;

namespace ICPO.Actors.Modeling.Checkpoints.Safetensors;

/// <summary>
/// A memory-mapped safetensors file: only the header is read until a tensor is requested. Spans are valid until it is disposed.
/// </summary>
public sealed class SafetensorsFile : ITensorFile, IDisposable
{
    private const long PieceElements = 1 << 20;

    private readonly Dictionary<string, TensorEntry> _entries;
    private readonly MappedFile _map;

    private SafetensorsFile(string path, FileStream file)
    {
        Path = path;
        (Tensors, Metadata) = SafetensorsHeader.Read(file, path);
        _entries = Tensors.ToDictionary(t => t.Name);
        _map = new(file);
    }

    public string Path { get; }

    /// <summary>In the order of the header.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    IEnumerable<(string Name, long[] Shape)> ITensorFile.Shapes => Tensors.Select(t => (t.Name, t.Shape));

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="InvalidDataException">It is absent or malformed; names the file, the tensor and what is wrong.</exception>
    public static SafetensorsFile Open(string path)
    {
        using FileStream file = ModelFile.Open(path);
        return new(path, file);
    }

    /// <summary>Fails unless every tensor holds floating-point numbers.</summary>
    /// <exception cref="InvalidDataException">A tensor holds integers or float8; names it.</exception>
    internal SafetensorsFile RequireWeights()
    {
        foreach (TensorEntry tensor in Tensors)
        {
            TensorDtype.RequireWeight(tensor, Path);
        }

        return this;
    }

    /// <summary>Whether two tensors hold the same numbers.</summary>
    internal static bool HoldSame((SafetensorsFile File, string Name) left, (SafetensorsFile File, string Name) right)
    {
        (TensorEntry first, TensorEntry second) = (left.File.Entry(left.Name), right.File.Entry(right.Name));
        if (!first.Shape.SequenceEqual(second.Shape))
        {
            return false;
        }

        if (first.Dtype != second.Dtype)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor numbers = left.File.Read(left.Name).to(torch.ScalarType.Float64);
            torch.Tensor others = right.File.Read(right.Name).to(torch.ScalarType.Float64);
            return numbers.data<double>().SequenceEqual(others.data<double>());
        }

        for (long at = 0; at < first.Length; at += PieceElements)
        {
            int length = (int)Math.Min(PieceElements, first.Length - at);
            if (!left.File._map.Span(first.Offset + at, length).SequenceEqual(right.File._map.Span(second.Offset + at, length)))
            {
                return false;
            }
        }

        return true;
    }

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <exception cref="InvalidDataException">The file has no such tensor.</exception>
    public TensorEntry Entry(string name) =>
        _entries.TryGetValue(name, out TensorEntry? entry) ? entry : throw new InvalidDataException($"{Path} has no tensor {name}.");

    /// <summary>The tensor's bytes, little-endian, row-major.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        TensorEntry entry = Entry(name);
        return _map.Span(entry.Offset, checked((int)entry.Length));
    }

    /// <summary>A copy of the tensor on the CPU, in the dtype it is stored in.</summary>
    public torch.Tensor Read(string name)
    {
        TorchRuntime.EnsureLoaded();
        TensorEntry entry = Entry(name);
        torch.Tensor tensor = torch.empty(entry.Shape, TensorDtype.Of(entry.Dtype, Path, name));
        Bytes(name).CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>Copies the tensor over <paramref name="target"/>, of any dtype and device; the shapes must be equal.</summary>
    /// <exception cref="InvalidDataException">The tensor is absent or of another shape.</exception>
    public void CopyTo(string name, torch.Tensor target)
    {
        TensorEntry entry = Entry(name);
        if (!entry.Shape.SequenceEqual(target.shape))
        {
            throw new InvalidDataException(
                $"{Path}: tensor {name} has the shape [{string.Join(", ", entry.Shape)}]; required is [{string.Join(", ", target.shape)}]."
            );
        }

        torch.ScalarType dtype = TensorDtype.Of(entry.Dtype, Path, name);
        long count = target.numel();
        if (count == 0)
        {
            return;
        }

        // Piece by piece, each released after it is copied: the file and the tensor are never both in memory.
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable _ = torch.no_grad();
        (long width, long piece) = (entry.Length / count, Math.Min(count, PieceElements));
        (torch.Tensor? staging, torch.Tensor? flat) = (torch.empty(piece, dtype), target.view(-1));
        for (long at = 0; at < count; at += piece)
        {
            long length = Math.Min(piece, count - at);
            _map.Span(entry.Offset + (at * width), (int)(length * width)).CopyTo(staging.bytes);
            flat.narrow(0, at, length).copy_(staging.narrow(0, 0, length));
            _map.Release(entry.Offset + (at * width), length * width);
        }
    }

    public void Dispose() => _map.Dispose();
}
