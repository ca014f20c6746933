using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Inference;

/// <summary>Sampling options of a response.</summary>
public sealed record GenerationOptions
{
    /// <summary>Softmax temperature, at least <see cref="MinTemperature"/>, or 0, which always takes the most probable token.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The lowest temperature above 0; logits divided by a lower one may not be finite.</summary>
    public const double MinTemperature = SamplerSettings.MinTemperature;

    /// <summary>Nucleus mass in (0, 1]; 1 is off.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Number of most probable tokens to keep; 0 disables it.</summary>
    public int TopK { get; init; }

    /// <summary>Least probability relative to the likeliest token, in [0, 1); 0 is off.</summary>
    public double MinP { get; init; }

    /// <summary>Longest response in tokens, at least 1; null fills the context.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// Where a response starts to draw from: the same model, prompt, options and seed give the same response. Among concurrent requests a
    /// product may be rounded differently, which can change a draw. Null takes another seed each time.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>A response ends in front of the first of these strings. None may be empty.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>A response ends with the first of these ids, in addition to the model's own end of text.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>
    /// How many of the most probable tokens <see cref="LanguageModel.StreamTokensAsync"/> reports for each position, 0 to
    /// <see cref="MaxAlternatives"/>. It does not change what is sampled, and requires TopP, TopK and MinP to be off.
    /// </summary>
    public int Alternatives { get; init; }

    /// <summary>The largest number of <see cref="Alternatives"/>.</summary>
    public const int MaxAlternatives = 20;

    /// <exception cref="ArgumentException">An option is out of range; names it.</exception>
    internal SamplerSettings Sampler()
    {
        Require(
            Temperature is 0 or (>= MinTemperature and < double.PositiveInfinity),
            nameof(Temperature),
            Temperature,
            $"0 or a finite number of at least {MinTemperature}"
        );
        Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "above 0 and at most 1");
        Require(TopK >= 0, nameof(TopK), TopK, "at least 0");
        Require(MinP is >= 0 and < 1, nameof(MinP), MinP, "at least 0 and below 1");
        Require(MaxTokens is null or > 0, nameof(MaxTokens), MaxTokens, "at least 1");
        Require(StopStrings.All(stop => stop.Length > 0), nameof(StopStrings), StopStrings.Count, "strings that are not empty");
        Require(Alternatives is >= 0 and <= MaxAlternatives, nameof(Alternatives), Alternatives, $"0 to {MaxAlternatives}");
        return new()
        {
            Temperature = Temperature,
            TopP = TopP,
            TopK = TopK,
            MinP = MinP,
            MaxTokens = MaxTokens ?? int.MaxValue,
            StopStrings = [.. StopStrings],
            StopTokens = [.. StopTokens],
        };
    }

    /// <summary>One seed per response.</summary>
    internal IEnumerable<ulong> Seeds(int samples)
    {
        ulong seed = Seed ?? BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return Enumerable.Range(0, samples).Select(sample => Contracts.Identity.Seed.Derive(seed, (ulong)sample));
    }

    private static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }
}
