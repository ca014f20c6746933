using System.Collections.Immutable;

namespace ICPO.Actors.Host;

/// <summary>One side of a comparison.</summary>
/// <param name="Label">Its name in tables.</param>
/// <param name="Overrides">What it sets, as <c>key=value</c>; the preset first.</param>
internal sealed record Arm(string Label, ImmutableArray<string> Overrides)
{
    public static Arm OfPreset(string preset) => new(preset, [$"preset={preset}"]);

    /// <summary>Reads <c>label:preset,key=value,…</c>.</summary>
    /// <exception cref="UsageException">The text is not of this form.</exception>
    public static Arm Parse(string text)
    {
        int colon = text.IndexOf(':');
        string[] parts = text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string label = colon > 0 ? text[..colon].Trim() : "";
        return label.Length > 0 && label.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && parts.Length > 0 && parts.Skip(1).All(p => p.Contains('='))
            ? new Arm(label, [$"preset={parts[0]}", .. parts[1..]])
            : throw new UsageException($"--arm {text}: write it as LABEL:PRESET,key=value,… for example --arm \"grpo-long:grpo,run.updates=200\".");
    }

    /// <summary>Where its run of a seed lies.</summary>
    public string Directory(string output, ulong seed) => Path.Combine(output, $"{Label}-seed{seed}");
}
