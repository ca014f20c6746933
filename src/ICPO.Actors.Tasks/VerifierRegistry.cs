using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks;

/// <summary>The verifiers that configuration can name.</summary>
public static class VerifierRegistry
{
    public static IReadOnlyList<string> Names { get; } =
    [
        BuiltinVerifier.VerifierName,
        CompositeVerifier.VerifierName,
        ExactVerifier.VerifierName,
        FormatVerifier.VerifierName,
        MathVerifier.VerifierName,
        MultipleChoiceVerifier.VerifierName,
        NumericVerifier.VerifierName,
        RegexVerifier.VerifierName,
    ];

    /// <exception cref="ArgumentException">The name is not known, or a setting is out of range.</exception>
    public static IVerifier Create(string name, VerifierSettings? settings = null, TaskSettings? task = null)
    {
        settings ??= new();
        return name switch
        {
            BuiltinVerifier.VerifierName => TaskRegistry.Verifier(task ?? new()),
            CompositeVerifier.VerifierName => new CompositeVerifier(settings, part => Create(part, settings, task)),
            ExactVerifier.VerifierName => new ExactVerifier(settings),
            FormatVerifier.VerifierName => new FormatVerifier(settings.Format),
            MathVerifier.VerifierName => new MathVerifier(settings.Math),
            MultipleChoiceVerifier.VerifierName => new MultipleChoiceVerifier(),
            NumericVerifier.VerifierName => new NumericVerifier(settings),
            RegexVerifier.VerifierName => new RegexVerifier(settings),
            _ => throw new ArgumentException($"Verifier '{name}' is not known; known are {string.Join(", ", Names)}.", nameof(name)),
        };
    }

    /// <summary>True where a response could keep the verifier busy for long: it belongs into a process that can be ended.</summary>
    public static bool NeedsSupervision(string name, VerifierSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return name switch
        {
            MathVerifier.VerifierName or RegexVerifier.VerifierName => true,
            FormatVerifier.VerifierName => settings.Format.Form == ResponseForm.Pattern,
            CompositeVerifier.VerifierName => settings.Composite.Parts.Any(p => NeedsSupervision(p.Verifier, settings)),
            _ => false,
        };
    }
}
