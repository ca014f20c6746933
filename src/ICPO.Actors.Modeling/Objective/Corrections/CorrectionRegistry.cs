using System.Collections.Immutable;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>The corrections that a configuration can name. Immutable: <see cref="With"/> returns an extended registry.</summary>
public sealed class CorrectionRegistry
{
    private CorrectionRegistry(ImmutableArray<StalenessCorrection> all) => All = all;

    /// <summary>The corrections of this library, in the order in which errors list them.</summary>
    public static CorrectionRegistry BuiltIn { get; } =
        new([
            new NoCorrection(),
            new Decoupled(),
            new TisToken(),
            new TisSequence(),
            new TisGeometric(),
            new IcePop(),
            new SequenceMask(),
            new DppoTv(),
            new Bypass(),
        ]);

    public ImmutableArray<StalenessCorrection> All { get; }

    public IEnumerable<string> Names => All.Select(correction => correction.Name);

    /// <exception cref="ArgumentException">No correction has that name.</exception>
    public StalenessCorrection Get(string name) =>
        All.FirstOrDefault(correction => correction.Name == name)
        ?? throw new ArgumentException($"Unknown correction '{name}'; use one of {string.Join(", ", Names)}.", nameof(name));

    /// <summary>This registry and one more correction.</summary>
    /// <exception cref="ArgumentException">A correction with the same name is registered.</exception>
    public CorrectionRegistry With(StalenessCorrection correction) =>
        Names.Contains(correction.Name)
            ? throw new ArgumentException($"A correction named '{correction.Name}' is already registered.", nameof(correction))
            : new(All.Add(correction));
}
