using System.Security.Cryptography;
using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.DataFiles.Files;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Lora;

/// <summary>
/// Low-rank adapters on the linear layers of a decoder. While they are attached they are part of its forward pass and they
/// alone are trained; the decoder's own parameters keep their values and have no gradient. Adapters of a decoder of half precision are
/// float32, since small updates would be lost.
/// </summary>
public sealed class LoraAdapter : IDecoderAdapter
{
    public const string Weights = "adapter_model.safetensors";
    public const string Config = "adapter_config.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Decoder _decoder;
    private readonly List<(LoraPlace Place, Projection Layer, LoraPair Pair)> _parts;
    private string? _baseSha256;
    private double? _baseSquares;

    private LoraAdapter(Decoder decoder, LoraSettings settings, List<LoraPlace> places)
    {
        if (decoder.Adapter is not null)
        {
            throw new InvalidOperationException("The decoder has an adapter already; merge or dispose it first.");
        }

        (_decoder, Settings) = (decoder, settings);
        var layers = decoder.named_modules().Where(m => m.module is Projection).ToDictionary(m => m.name, m => (Projection)m.module);
        _parts = [.. places.Select(p => (p, layers[p.Name], new LoraPair(Zeros(p.AShape), Zeros(p.BShape), p.Scale)))];
        Attach(true);
        decoder.Adapter = this;
        Train(decoder, false);
    }

    public LoraSettings Settings { get; }

    /// <summary>The adapter that is attached to a decoder; null if there is none.</summary>
    public static LoraAdapter? AttachedTo(Decoder decoder) => decoder.Adapter as LoraAdapter;

    /// <summary>The adapters' parameters by their PEFT names, in ordinal order.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters =>
        _parts
            .SelectMany(p => new[] { (Name: p.Place.AName, Parameter: p.Pair.A), (Name: p.Place.BName, Parameter: p.Pair.B) })
            .OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>The number of parameters of an adapter of a model.</summary>
    /// <exception cref="InvalidDataException">The settings do not fit the model.</exception>
    public static long CountParameters(DecoderConfig config, LoraSettings settings) =>
        LoraPlan
            .Find(LoraPlan.Layers(config), settings, "icpo.model.lora", "targets")
            .Sum(place => place.Rank * (place.Layer.Inputs + place.Layer.Outputs));

    /// <summary>
    /// Fresh adapters that change nothing yet: A from U(−1/√in, 1/√in), B zero. Equal seeds give equal adapters, on any device.
    /// </summary>
    /// <exception cref="InvalidDataException">The settings do not fit the decoder.</exception>
    public static LoraAdapter Create(Decoder decoder, LoraSettings settings, ulong seed)
    {
        List<LoraPlace> places = LoraPlan.Find(LoraPlan.Layers(decoder), settings, "lora");
        if (settings.Targets is [LoraSettings.AllLinear])
        {
            // Named one by one, as PEFT writes them: its meaning of "all" depends on the class of the base model.
            settings = settings with { Targets = [.. places.Select(p => p.Name.Split('.')[^1]).Distinct().Order(StringComparer.Ordinal)] };
        }

        var adapter = new LoraAdapter(decoder, settings, places);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        using var generator = new Generator(seed);
        foreach ((LoraPlace _, Projection _, LoraPair? pair) in adapter._parts)
        {
            double bound = 1 / Math.Sqrt(pair.A.shape[1]);
            pair.A.copy_(empty(pair.A.shape, pair.A.dtype).uniform_(-bound, bound, generator));
        }

        return adapter;
    }

    /// <summary>Attaches the adapters of a PEFT directory.</summary>
    /// <param name="decoder">The base model they were trained on.</param>
    /// <param name="directory">Holds adapter_config.json and adapter_model.safetensors.</param>
    /// <exception cref="InvalidDataException">A file, key or tensor is missing, not expected, malformed or of another shape; names
    /// it.</exception>
    public static LoraAdapter Load(Decoder decoder, string directory)
    {
        string path = Path.Combine(directory, Config);
        LoraSettings settings = PeftConfig.Read(path);
        List<LoraPlace> places = LoraPlan.Find(LoraPlan.Layers(decoder), settings, path);
        using SafetensorsFile file = AdapterFile.OpenWeights(directory);
        LoraPlan.Check(file, places);
        var adapter = new LoraAdapter(decoder, settings, places);
        adapter.Copy(file);
        return adapter;
    }

    /// <summary>Takes the values of a PEFT directory with the same settings.</summary>
    /// <exception cref="InvalidDataException">The settings differ, or a file or tensor is missing, malformed or of another shape; nothing
    /// was taken.</exception>
    internal void LoadWeights(string directory)
    {
        string path = Path.Combine(directory, Config);
        if (PeftConfig.Difference(PeftConfig.Read(path), Settings) is { } difference)
        {
            throw new InvalidDataException(
                $"{path} describes another adapter than the one in training (icpo.model.lora): {difference}; continue with the settings it "
                    + "was trained with, or start a new run."
            );
        }

        using SafetensorsFile file = AdapterFile.OpenWeights(directory);
        LoraPlan.Check(file, [.. _parts.Select(p => p.Place)]);
        Copy(file);
    }

    /// <summary>True for a PEFT directory without a whole model.</summary>
    public static bool IsDirectory(string path) =>
        File.Exists(Path.Combine(path, Config)) && !File.Exists(Path.Combine(path, HuggingFaceDirectory.Config));

    /// <summary>Writes a PEFT directory; it has its name only when complete and synced.</summary>
    /// <param name="directory">The directory; one that was there is replaced.</param>
    /// <param name="baseModel">Where the base model is, for PEFT; null leaves it out.</param>
    /// <param name="more">Writes further files into the directory, e.g. the tokenizer and the optimizer's state.</param>
    /// <returns>Hash and length of adapter_model.safetensors.</returns>
    public WrittenFile Save(string directory, string? baseModel = null, Action<string>? more = null)
    {
        WrittenFile? written = null;
        DurableFile.WriteDirectory(directory, folder =>
        {
            written = SafetensorsWriter.Write(Path.Combine(folder, Weights), Tensors);
            DurableFile.Write(Path.Combine(folder, Config), file =>
                file.Write(JsonSerializer.SerializeToUtf8Bytes(PeftConfig.Write(Settings, baseModel), Indented))
            );
            more?.Invoke(folder);
        });
        return written!;
    }

    /// <summary>Writes the adapters alone to one safetensors file whose header says how to add them to the base model.</summary>
    public WrittenFile Publish(string path) =>
        SafetensorsWriter.Write(
            path,
            Tensors,
            new Dictionary<string, string> { ["format"] = "pt", [AdapterFile.ConfigKey] = PeftConfig.Write(Settings, null).ToJsonString() }
        );

    /// <summary>SHA-256 over every parameter of the base model, which does not change while adapters are attached.</summary>
    internal string BaseSha256()
    {
        if (_baseSha256 is null)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach ((string _, Parameter? parameter) in _decoder.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal))
            {
                using DisposeScope scope = NewDisposeScope();
                hash.AppendData(parameter.detach().cpu().contiguous().bytes);
            }

            _baseSha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        return _baseSha256;
    }

    /// <summary>The decoder computes without adapters until this is disposed.</summary>
    public IDisposable Suspend()
    {
        Attach(false);
        return new Suspension(this);
    }

    /// <summary>
    /// A parameter of the decoder with what its adapter adds to it, in its own dtype; the parameter itself where it has none.
    /// </summary>
    public Tensor Merged(string name, Tensor parameter)
    {
        if (_parts.Find(p => p.Place.Weight == name).Pair is not { } pair)
        {
            return parameter;
        }

        using IDisposable constant = no_grad();
        using Tensor product = pair.Product();
        using Tensor sum = parameter.Add(product);
        return sum.to(parameter.dtype, copy: true);
    }

    /// <inheritdoc/>
    public double Growth()
    {
        _baseSquares ??= _parts.Sum(part => Square(part.Layer.weight));
        double added = _parts.Sum(part => part.Pair.AddedSquares(part.Layer.weight));
        return Math.Sqrt(Math.Max(0, 1 + (added / _baseSquares.Value)));
    }

    private static double Square(Tensor weight)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        double norm = weight.norm().to(ScalarType.Float64).item<double>();
        return norm * norm;
    }

    /// <summary>Adds the adapters to the decoder's weights and detaches them; the decoder's results are unchanged.</summary>
    public void Merge()
    {
        using (DisposeScope scope = NewDisposeScope())
        using (IDisposable constant = no_grad())
        {
            foreach ((LoraPlace _, Projection? layer, LoraPair? pair) in _parts)
            {
                layer.weight.AddInPlace(pair.Product());
            }
        }

        Dispose();
    }

    /// <summary>Detaches and frees the adapters; the decoder then computes without them.</summary>
    public void Dispose()
    {
        if (_decoder.Adapter != this)
        {
            return;
        }

        Attach(false);
        foreach ((LoraPlace _, Projection _, LoraPair? pair) in _parts)
        {
            pair.A.Dispose();
            pair.B.Dispose();
        }

        _decoder.Adapter = null;
        Train(_decoder, true);
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Tensors => Parameters.Select(p => KeyValuePair.Create(p.Name, (Tensor)p.Parameter));

    private void Attach(bool isAttached) => _parts.ForEach(p => p.Layer.Adapter = isAttached ? p.Pair : null);

    private void Copy(SafetensorsFile file)
    {
        foreach ((string? name, Parameter? parameter) in Parameters)
        {
            file.CopyTo(name, parameter);
        }
    }

    private static void Train(Decoder decoder, bool isTrained)
    {
        foreach ((string _, Parameter? parameter) in decoder.named_parameters())
        {
            parameter.requires_grad = isTrained;
        }
    }

    private Parameter Zeros(long[] shape)
    {
        Parameter parameter = nn.Parameter(
            zeros(shape, _decoder.Dtype is ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, _decoder.Device)
        );
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    private sealed class Suspension(LoraAdapter adapter) : IDisposable
    {
        public void Dispose() => adapter.Attach(true);
    }
}
