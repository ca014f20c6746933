using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling;

/// <summary>
/// Low-rank adapters on the linear layers of a decoder. While they are attached they are part of its forward pass and they
/// alone are trained; the decoder's own parameters keep their values and have no gradient.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    public const string Weights = "adapter_model.safetensors";
    private const string Config = "adapter_config.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Decoder _decoder;
    private readonly List<(LoraPlace Place, LoraPair Pair)> _parts;

    private LoraAdapter(Decoder decoder, LoraSettings settings, List<LoraPlace> places)
    {
        if (decoder.Adapter is not null)
        {
            throw new InvalidOperationException("The decoder has an adapter already; merge or dispose it first.");
        }

        (_decoder, Settings) = (decoder, settings);
        _parts = [.. places.Select(p => (p, new LoraPair(Zeros(p.AShape), Zeros(p.BShape), p.Scale)))];
        foreach (var (place, pair) in _parts)
        {
            place.Layer.Adapter = pair;
        }

        decoder.Adapter = this;
        Train(decoder, false);
    }

    public LoraSettings Settings { get; }

    /// <summary>The adapters' parameters by their PEFT names, in ordinal order.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        _parts.SelectMany(p => new[] { (Name: p.Place.AName, Parameter: p.Pair.A), (Name: p.Place.BName, Parameter: p.Pair.B) }).OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>Fresh adapters that change nothing yet: A from U(−1/√in, 1/√in), B zero. Equal seeds give equal adapters.</summary>
    /// <exception cref="InvalidDataException">The settings do not fit the decoder.</exception>
    public static LoraAdapter Create(Decoder decoder, LoraSettings settings, ulong seed)
    {
        var adapter = new LoraAdapter(decoder, settings, LoraPlan.Find(decoder, settings, "lora"));
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        using var generator = new Generator(seed, decoder.Device);
        foreach (var (_, pair) in adapter._parts)
        {
            var bound = 1 / Math.Sqrt(pair.A.shape[1]);
            pair.A.uniform_(-bound, bound, generator);
        }

        return adapter;
    }

    /// <summary>Attaches the adapters of a PEFT directory, in the decoder's dtype.</summary>
    /// <param name="decoder">The base model they were trained on.</param>
    /// <param name="directory">Holds adapter_config.json and adapter_model.safetensors.</param>
    /// <exception cref="InvalidDataException">A file, key or tensor is missing, not expected, malformed or of another shape; names it.</exception>
    public static LoraAdapter Load(Decoder decoder, string directory)
    {
        var path = Path.Combine(directory, Config);
        var settings = PeftConfig.Read(path);
        var places = LoraPlan.Find(decoder, settings, path);
        var weights = Path.Combine(directory, Weights);
        using var file = File.Exists(weights) ? SafetensorsFile.Open(weights) : throw new InvalidDataException($"{weights} does not exist; an adapter needs it.");
        Check(file, places);
        var adapter = new LoraAdapter(decoder, settings, places);
        foreach (var (name, parameter) in adapter.Parameters)
        {
            file.CopyTo(name, parameter);
        }

        return adapter;
    }

    /// <summary>Makes a Hugging Face directory of a base model with an adapter merged into it, in the base model's dtype.</summary>
    /// <exception cref="InvalidDataException">A file, key or tensor is missing, malformed or does not fit; names it.</exception>
    public static WrittenFile Merge(string model, string adapter, string directory)
    {
        using var decoder = HuggingFaceDirectory.Load(model);
        using var attached = Load(decoder, adapter);
        return HuggingFaceDirectory.Save(directory, decoder, HuggingFaceDirectory.LoadSpecialTokens(model), to => HuggingFaceDirectory.CopyTokenizer(model, to));
    }

    /// <summary>Writes a PEFT directory; it has its name only when complete and synced.</summary>
    /// <param name="directory">The directory; one that was there is replaced.</param>
    /// <param name="baseModel">Where the base model is, for PEFT; null leaves it out.</param>
    /// <returns>Hash and length of adapter_model.safetensors.</returns>
    public WrittenFile Save(string directory, string? baseModel = null)
    {
        WrittenFile? written = null;
        DurableFile.WriteDirectory(directory, folder =>
        {
            written = SaveWeights(Path.Combine(folder, Weights));
            DurableFile.Write(Path.Combine(folder, Config), file => file.Write(JsonSerializer.SerializeToUtf8Bytes(PeftConfig.Write(Settings, baseModel), Indented)));
        });
        return written!;
    }

    /// <summary>Writes the adapters' parameters to one safetensors file.</summary>
    public WrittenFile SaveWeights(string path) => SafetensorsWriter.Write(path, Parameters.Select(p => KeyValuePair.Create(p.Name, (Tensor)p.Parameter)));

    /// <summary>A parameter of the decoder with what its adapter adds to it; the parameter itself where it has none.</summary>
    internal Tensor Merged(string name, Tensor parameter)
    {
        if (_parts.Find(p => $"{p.Place.Name}.weight" == name).Pair is not { } pair)
        {
            return parameter;
        }

        using var constant = no_grad();
        using var product = pair.Product();
        return parameter.Plus(product);
    }

    /// <summary>Adds the adapters to the decoder's weights and detaches them; the decoder computes what it did with them.</summary>
    public void Merge()
    {
        using (var scope = NewDisposeScope())
        using (var constant = no_grad())
        {
            foreach (var (place, pair) in _parts)
            {
                place.Layer.weight.Gain(pair.Product());
            }
        }

        Dispose();
    }

    /// <summary>Detaches and frees the adapters; the decoder is what it was without them.</summary>
    public void Dispose()
    {
        if (_decoder.Adapter != this)
        {
            return;
        }

        foreach (var (place, pair) in _parts)
        {
            place.Layer.Adapter = null;
            pair.A.Dispose();
            pair.B.Dispose();
        }

        _decoder.Adapter = null;
        Train(_decoder, true);
    }

    private static void Check(SafetensorsFile file, List<LoraPlace> places)
    {
        var expected = places.SelectMany(p => new[] { KeyValuePair.Create(p.AName, p.AShape), KeyValuePair.Create(p.BName, p.BShape) }).ToDictionary();
        foreach (var (name, shape) in expected)
        {
            if (!file.Contains(name))
            {
                throw new InvalidDataException($"{file.Path}: tensor {name} is missing.");
            }

            if (!file.Entry(name).Shape.SequenceEqual(shape))
            {
                throw new InvalidDataException($"{file.Path}: tensor {name} has the shape [{string.Join(", ", file.Entry(name).Shape)}] where config and base model ask for [{string.Join(", ", shape)}].");
            }
        }

        if (file.Tensors.FirstOrDefault(t => !expected.ContainsKey(t.Name)) is { } unknown)
        {
            throw new InvalidDataException($"{file.Path}: tensor {unknown.Name} is not one that config and base model ask for.");
        }
    }

    private static void Train(Decoder decoder, bool isTrained)
    {
        foreach (var (_, parameter) in decoder.named_parameters())
        {
            parameter.requires_grad = isTrained;
        }
    }

    private Parameter Zeros(long[] shape)
    {
        var parameter = nn.Parameter(zeros(shape, _decoder.Dtype, _decoder.Device));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
