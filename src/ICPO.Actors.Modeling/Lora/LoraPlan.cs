using System.Text.RegularExpressions;

namespace ICPO.Actors.Modeling;

/// <summary>One layer that is to be adapted.</summary>
internal sealed record LoraPlace(string Name, Projection Layer, int Rank, double Scale)
{
    private string Prefix => $"base_model.model.{Name}.";

    /// <summary>PEFT's name of A.</summary>
    public string AName => $"{Prefix}lora_A.weight";

    /// <summary>PEFT's name of B.</summary>
    public string BName => $"{Prefix}lora_B.weight";

    public long[] AShape => [Rank, Layer.weight.shape[1]];

    public long[] BShape => [Layer.weight.shape[0], Rank];
}

/// <summary>Finds the layers of a decoder that settings name.</summary>
internal static class LoraPlan
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="decoder">Whose layers.</param>
    /// <param name="settings">Which of them.</param>
    /// <param name="source">Names the settings in errors.</param>
    /// <exception cref="InvalidDataException">A target names no layer, a rank or alpha is out of range, or a pattern is not a regular expression.</exception>
    public static List<LoraPlace> Find(Decoder decoder, LoraSettings settings, string source)
    {
        var layers = decoder.named_modules().Where(m => m.module is Projection).Select(m => (Name: m.name, Layer: (Projection)m.module)).ToList();
        try
        {
            if (settings.TargetPattern is null && settings.Targets.FirstOrDefault(t => !layers.Exists(l => IsTarget(l.Name, t))) is { } stray)
            {
                throw new InvalidDataException($"{source}: target_modules names '{stray}', which is no linear layer of the model ({string.Join(", ", layers.Select(l => l.Name.Split('.')[^1]).Distinct())}).");
            }

            List<LoraPlace> places = [.. layers.Where(l => IsChosen(l.Name, settings)).OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => Place(l.Name, l.Layer, settings, source))];
            return places.Count > 0 ? places : throw new InvalidDataException($"{source}: target_modules names no linear layer of the model.");
        }
        catch (Exception e) when (e is RegexParseException or RegexMatchTimeoutException)
        {
            throw new InvalidDataException($"{source}: a pattern is not a usable regular expression: {e.Message}", e);
        }
    }

    private static bool IsChosen(string name, LoraSettings settings) => settings.TargetPattern is { } pattern
        ? Regex.IsMatch(name, $"^(?:{pattern})$", RegexOptions.CultureInvariant, Patience)
        : settings.Targets.Any(target => IsTarget(name, target));

    private static bool IsTarget(string name, string target) =>
        target == LoraSettings.AllLinear ? name != "lm_head" : name == target || name.EndsWith($".{target}", StringComparison.Ordinal);

    private static LoraPlace Place(string name, Projection layer, LoraSettings settings, string source)
    {
        var rank = Pick(name, settings.RankPattern, settings.Rank);
        var alpha = Pick(name, settings.AlphaPattern, settings.Alpha);
        return rank > 0 && double.IsFinite(alpha)
            ? new(name, layer, rank, alpha / (settings.UseRslora ? Math.Sqrt(rank) : rank))
            : throw new InvalidDataException($"{source}: {name} would have rank {rank} and alpha {alpha}; the rank must be at least 1 and alpha finite.");
    }

    private static T Pick<T>(string name, IReadOnlyList<KeyValuePair<string, T>> patterns, T otherwise) =>
        patterns.FirstOrDefault(p => Regex.IsMatch(name, $@"^(.*\.)?({p.Key})$", RegexOptions.CultureInvariant, Patience)) is { Key: not null } found ? found.Value : otherwise;
}
