using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using ICPO.DataFiles.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints;

/// <summary>Fills decoders from files of tensors.</summary>
internal static class DecoderWeights
{
    /// <summary>
    /// A decoder of that config with the weights of the files, which are checked before memory is taken: a config may claim any size.
    /// </summary>
    /// <exception cref="InvalidDataException">A tensor is missing, not expected or of another shape; names it.</exception>
    public static Decoder Create(DecoderConfig config, IReadOnlyList<ITensorFile> files, Device? device, ScalarType dtype)
    {
        Check(config, files);
        var decoder = new Decoder(config, device, dtype);
        try
        {
            Load(decoder, files);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Fails unless the files have exactly the tensors that the config asks for.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, not expected or of another shape; names it.</exception>
    public static void Check(DecoderConfig config, IReadOnlyList<ITensorFile> files)
    {
        int count = files.Sum(f => f.Shapes.Count());
        if (config.NumHiddenLayers > count)
        {
            throw new InvalidDataException(
                $"{string.Join(", ", files.Select(f => f.Path))}: the model's config asks for {config.NumHiddenLayers} layers, "
                    + $"more than there are tensors ({count})."
            );
        }

        TorchRuntime.EnsureLoaded();
        using var shapes = new Decoder(config, META);
        Sources(shapes, files);
    }

    /// <summary>Copies the files into a decoder; nothing is copied unless everything fits.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, not expected or of another shape; names it.</exception>
    public static void Load(Decoder decoder, IReadOnlyList<ITensorFile> files)
    {
        Dictionary<string, ITensorFile> sources = Sources(decoder, files);
        foreach ((string? name, Parameter? parameter) in decoder.named_parameters())
        {
            sources[name].CopyTo(name, parameter);
        }
    }

    /// <summary>
    /// True for redundant tensors: some writers repeat a tied matrix, and old Llama checkpoints store the rotary frequencies.
    /// </summary>
    public static bool IsIgnored(DecoderConfig config, string name) =>
        (config.TieWordEmbeddings && name == "lm_head.weight") || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    /// <summary>The file that holds each parameter: exactly one, with the right shape.</summary>
    private static Dictionary<string, ITensorFile> Sources(Decoder decoder, IReadOnlyList<ITensorFile> files)
    {
        var parameters = decoder.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        var sources = new Dictionary<string, ITensorFile>();
        IReadOnlyList<ITensorFile> opened = new CheckpointLayout(decoder.Config).Open(files);
        foreach ((ITensorFile? file, (string? name, long[]? shape)) in opened.SelectMany(f => f.Shapes.Select(t => (f, t))))
        {
            if (IsIgnored(decoder.Config, name))
            {
                continue;
            }

            if (!parameters.TryGetValue(name, out Parameter? parameter))
            {
                throw new InvalidDataException($"{file.Path}: tensor {OneLine.Of(name)} is not one that the config asks for.");
            }

            if (!shape.SequenceEqual(parameter.shape))
            {
                throw new InvalidDataException(
                    $"{file.Path}: tensor {name} has the shape [{string.Join(", ", shape)}] "
                        + $"where the config asks for [{string.Join(", ", parameter.shape)}]."
                );
            }

            if (!sources.TryAdd(name, file))
            {
                throw new InvalidDataException($"{file.Path}: tensor {name} is in {sources[name].Path} too.");
            }
        }

        return parameters.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => !sources.ContainsKey(name)) is { } missing
            ? throw new InvalidDataException($"{string.Join(", ", files.Select(f => f.Path))}: tensor {missing} is missing.")
            : sources;
    }
}
