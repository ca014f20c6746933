using System.Text.RegularExpressions;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Transformer;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Lora;

/// <summary>A linear layer of a model: its name and the shape [out, in] of its weight.</summary>
internal sealed record LoraLayer(string Name, long Outputs, long Inputs);

/// <summary>One layer that is to be adapted.</summary>
internal sealed record LoraPlace(LoraLayer Layer, int Rank, double Scale)
{
    public string Name => Layer.Name;

    /// <summary>Name of the parameter that the adapter adds to.</summary>
    public string Weight => $"{Name}.weight";

    private string Prefix => $"base_model.model.{Name}.";

    /// <summary>PEFT's name of A.</summary>
    public string AName => $"{Prefix}lora_A.weight";

    /// <summary>PEFT's name of B.</summary>
    public string BName => $"{Prefix}lora_B.weight";

    public long[] AShape => [Rank, Layer.Inputs];

    public long[] BShape => [Layer.Outputs, Rank];
}

/// <summary>Finds the layers of a model that settings name.</summary>
internal static class LoraPlan
{
    private const string WeightSuffix = ".weight";

    /// <summary>The longest regular expression, and how many a config may have: each is tried with each layer.</summary>
    private const int MaxPatternLength = 2048,
        MaxPatterns = 4096,
        MaxLayers = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>The linear layers of a decoder.</summary>
    /// <exception cref="InvalidDataException">The family's checkpoints fuse projections, so PEFT could not read the adapter.</exception>
    public static List<LoraLayer> Layers(Decoder decoder)
    {
        if (decoder.Config.Family is { HasFusedProjections: true } family)
        {
            throw new InvalidDataException(
                $"LoRA adapters of model_type '{family.ModelType}' are not supported, since its checkpoints fuse projections; "
                    + "train all weights (icpo.model.lora.rank = 0)."
            );
        }

        return
        [
            .. decoder
                .named_modules()
                .Where(m => m.module is Projection)
                .Select(m => (m.name, ((Projection)m.module).weight.shape))
                .Select(l => new LoraLayer(l.name, l.shape[0], l.shape[1])),
        ];
    }

    /// <summary>The linear layers of a model of that shape.</summary>
    /// <exception cref="InvalidDataException">The config claims more layers than any model has.</exception>
    public static List<LoraLayer> Layers(DecoderConfig config)
    {
        if (config.NumHiddenLayers > MaxLayers)
        {
            throw new InvalidDataException($"The model's config has {config.NumHiddenLayers} layers, at most {MaxLayers} are supported.");
        }

        TorchRuntime.EnsureLoaded();
        using var shapes = new Decoder(config, META);
        return Layers(shapes);
    }

    /// <summary>The linear layers among parameters: all matrices but the embedding.</summary>
    public static List<LoraLayer> Layers(IEnumerable<KeyValuePair<string, Tensor>> parameters) =>
        [
            .. parameters
                .Where(p =>
                    p.Value.dim() == 2 && p.Key.EndsWith(WeightSuffix, StringComparison.Ordinal) && p.Key != "model.embed_tokens.weight"
                )
                .Select(p => new LoraLayer(p.Key[..^WeightSuffix.Length], p.Value.shape[0], p.Value.shape[1])),
        ];

    /// <param name="layers">The model's.</param>
    /// <param name="settings">Which of them.</param>
    /// <param name="source">Names the settings in errors.</param>
    /// <param name="key">Names the targets in errors.</param>
    /// <exception cref="InvalidDataException">A target names no layer, a rank or alpha is out of range, or a pattern is not a regular
    /// expression.</exception>
    public static List<LoraPlace> Find(
        IReadOnlyCollection<LoraLayer> layers,
        LoraSettings settings,
        string source,
        string key = "target_modules"
    )
    {
        try
        {
            if (
                settings.TargetPattern is null
                && settings.Targets.Distinct().FirstOrDefault(t => !layers.Any(l => IsTarget(l.Name, t))) is { } stray
            )
            {
                throw new InvalidDataException(
                    $"{source}: {key} names '{stray}', which is not a linear layer of the model "
                        + $"({string.Join(", ", layers.Select(l => l.Name.Split('.')[^1]).Distinct())})."
                );
            }

            Func<string, bool> isChosen = Chosen(settings);
            (Func<string, int, int> ranks, Func<string, double, double> alphas) = (
                Patterns(settings.RankPattern, source),
                Patterns(settings.AlphaPattern, source)
            );
            List<LoraPlace> places =
            [
                .. layers
                    .Where(l => isChosen(l.Name))
                    .OrderBy(l => l.Name, StringComparer.Ordinal)
                    .Select(l => Place(l, settings.UseRslora, ranks(l.Name, settings.Rank), alphas(l.Name, settings.Alpha), source)),
            ];
            return places.Count > 0 ? places : throw new InvalidDataException($"{source}: {key} names no linear layer of the model.");
        }
        catch (Exception e) when (e is RegexParseException or RegexMatchTimeoutException)
        {
            throw new InvalidDataException($"{source}: a pattern is not a usable regular expression: {e.Message}", e);
        }
    }

    /// <summary>Fails unless a file has exactly the tensors of these places.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, not expected or of another shape; names it.</exception>
    public static void Check(SafetensorsFile file, IReadOnlyCollection<LoraPlace> places)
    {
        var expected = places
            .SelectMany(p => new[] { KeyValuePair.Create(p.AName, p.AShape), KeyValuePair.Create(p.BName, p.BShape) })
            .ToDictionary();
        foreach ((string? name, long[]? shape) in expected)
        {
            if (!file.Contains(name))
            {
                throw new InvalidDataException($"{file.Path}: tensor {name} is missing.");
            }

            TensorDtype.RequireWeight(file.Entry(name), file.Path);
            if (!file.Entry(name).Shape.SequenceEqual(shape))
            {
                throw new InvalidDataException(
                    $"{file.Path}: tensor {name} has the shape [{string.Join(", ", file.Entry(name).Shape)}] "
                        + $"where config and base model ask for [{string.Join(", ", shape)}]{Cause(name, file.Entry(name).Shape, shape)}."
                );
            }
        }

        if (file.Tensors.FirstOrDefault(t => !expected.ContainsKey(t.Name)) is { } unknown)
        {
            throw new InvalidDataException($"{file.Path}: tensor {unknown.Name} is not one that config and base model ask for.");
        }
    }

    /// <summary>What is wrong with a shape whose rank alone differs; empty otherwise.</summary>
    private static string Cause(string name, long[] stored, long[] wanted)
    {
        int rank = name.EndsWith(".lora_A.weight", StringComparison.Ordinal) ? 0 : 1; // [r, in] and [out, r]
        return stored is [_, _] && stored[1 - rank] == wanted[1 - rank]
            ? $": the adapter was saved with rank {stored[rank]}, but its config specifies {wanted[rank]} (r, rank_pattern)"
            : "";
    }

    private static Func<string, bool> Chosen(LoraSettings settings)
    {
        if (settings.TargetPattern is { } pattern)
        {
            Regex regex = Compile($"^(?:{pattern})$");
            return name => regex.IsMatch(name);
        }

        HashSet<string> targets = [.. settings.Targets];
        return name => targets.Any(target => IsTarget(name, target));
    }

    private static bool IsTarget(string name, string target) =>
        target == LoraSettings.AllLinear ? name != "lm_head" : name == target || name.EndsWith($".{target}", StringComparison.Ordinal);

    private static LoraPlace Place(LoraLayer layer, bool isStabilized, int rank, double alpha, string source) =>
        rank > 0 && double.IsFinite(alpha)
            ? new(layer, rank, alpha / (isStabilized ? Math.Sqrt(rank) : rank))
            : throw new InvalidDataException(
                $"{source}: {layer.Name} would have rank {rank} and alpha {alpha}; the rank must be at least 1 and alpha finite."
            );

    /// <summary>The value of the first pattern that matches a name, else another one.</summary>
    private static Func<string, T, T> Patterns<T>(IReadOnlyList<KeyValuePair<string, T>> patterns, string source)
    {
        if (patterns.Count > MaxPatterns)
        {
            throw new InvalidDataException(
                $"{source}: there are {patterns.Count} patterns of layers, at most {MaxPatterns} are supported."
            );
        }

        (Regex Pattern, T Value)[] compiled = [.. patterns.Select(p => (Compile($@"^(.*\.)?({p.Key})$"), p.Value))];
        return (name, otherwise) =>
            compiled.FirstOrDefault(p => p.Pattern.IsMatch(name)) is { Pattern: not null } found ? found.Value : otherwise;
    }

    private static Regex Compile(string pattern) =>
        pattern.Length <= MaxPatternLength
            ? new(pattern, RegexOptions.CultureInvariant, Patience)
            : throw new InvalidDataException(
                $"a pattern of layers has {pattern.Length} characters, at most {MaxPatternLength} are supported."
            );
}
