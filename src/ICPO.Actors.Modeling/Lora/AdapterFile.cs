using System.Text;
using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Lora;

/// <summary>
/// An adapter in a file, held against the layers of a model: a PEFT directory, or weights that a learner published, which carry the
/// directory's adapter_config.json in their header. What it adds to a weight is computed in float32 at least.
/// </summary>
internal sealed class AdapterFile : IDisposable
{
    /// <summary>Key of a safetensors header that holds adapter_config.json.</summary>
    public const string ConfigKey = "adapter_config";

    private const long PieceElements = 1 << 22;

    private readonly SafetensorsFile _file;
    private readonly Dictionary<string, LoraPlace> _places;

    private AdapterFile(SafetensorsFile file, List<LoraPlace> places) => (_file, _places) = (file, places.ToDictionary(p => p.Weight));

    /// <summary>Names of the parameters that it adds to.</summary>
    public IReadOnlyCollection<string> Weights => _places.Keys;

    /// <summary>Opens the files of a PEFT directory.</summary>
    /// <exception cref="InvalidDataException">A file, key or tensor is missing, not expected, malformed or of another shape; names
    /// it.</exception>
    public static AdapterFile Open(string directory, IReadOnlyCollection<LoraLayer> layers)
    {
        string config = Path.Combine(directory, LoraAdapter.Config);
        return Of(OpenWeights(directory), PeftConfig.Read(config), layers, config);
    }

    /// <summary>adapter_model.safetensors of a PEFT directory.</summary>
    public static SafetensorsFile OpenWeights(string directory) => SafetensorsFile.Open(Path.Combine(directory, LoraAdapter.Weights));

    /// <summary>True for a file that a learner published of an adapter.</summary>
    public static bool IsPublished(SafetensorsFile file) => file.Metadata.ContainsKey(ConfigKey);

    /// <summary>The adapter in a file for which <see cref="IsPublished"/> holds; the file is the adapter's from now on.</summary>
    /// <exception cref="InvalidDataException">A key or tensor is missing, not expected, malformed or of another shape; names
    /// it.</exception>
    public static AdapterFile Of(SafetensorsFile file, IReadOnlyCollection<LoraLayer> layers)
    {
        string source = $"{file.Path} ({ConfigKey})";
        return Of(file, PeftConfig.Parse(source, Encoding.UTF8.GetBytes(file.Metadata[ConfigKey])), layers, source);
    }

    /// <summary>Adds s·B·A to a weight of float32 or float64.</summary>
    public void AddTo(string name, Tensor weight)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        LoraPlace place = _places[name];
        Tensor a = Read(place.AName, weight).t(),
            b = Read(place.BName, weight);
        long piece = Math.Max(1, PieceElements / place.Layer.Inputs);
        for (long at = 0; at < place.Layer.Outputs; at += piece)
        {
            using DisposeScope part = NewDisposeScope();
            long rows = Math.Min(piece, place.Layer.Outputs - at);
            weight.narrow(0, at, rows).AddInPlace(nn.functional.linear(b.narrow(0, at, rows), a).Mul(place.Scale));
        }
    }

    public void Dispose() => _file.Dispose();

    private static AdapterFile Of(SafetensorsFile file, LoraSettings settings, IReadOnlyCollection<LoraLayer> layers, string source)
    {
        try
        {
            List<LoraPlace> places = LoraPlan.Find(layers, settings, source);
            LoraPlan.Check(file, places);
            return new(file, places);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private Tensor Read(string name, Tensor like) => _file.Read(name).to(like.dtype).to(like.device);
}

/// <summary>Weights with an adapter added to them while they are copied: the sum is rounded once.</summary>
internal sealed class AdaptedTensors(ITensorFile weights, AdapterFile adapter) : ITensorFile
{
    public string Path => weights.Path;

    public IEnumerable<(string Name, long[] Shape)> Shapes => weights.Shapes;

    public void CopyTo(string name, Tensor target)
    {
        if (!adapter.Weights.Contains(name))
        {
            weights.CopyTo(name, target);
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        bool isWide = target.dtype is ScalarType.Float32 or ScalarType.Float64;
        Tensor sum = isWide ? target : empty(target.shape, ScalarType.Float32, target.device);
        weights.CopyTo(name, sum);
        adapter.AddTo(name, sum);
        if (!isWide)
        {
            target.copy_(sum);
        }
    }
}
