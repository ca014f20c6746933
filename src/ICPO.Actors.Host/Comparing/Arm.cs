using System.Collections.Immutable;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Learning;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Comparing;

/// <summary>
/// One side of a comparison: a run for each seed, or a chain of runs, each from the weights that the one before it ended with.
/// </summary>
/// <param name="Label">Its name in tables.</param>
/// <param name="Stages">What each run sets, as <c>key=value</c>; the preset first.</param>
internal sealed record Arm(string Label, ImmutableArray<ImmutableArray<string>> Stages)
{
    public static Arm OfPreset(string preset) =>
        new(
            preset,
            [
                [$"preset={preset}"],
            ]
        );

    /// <summary>Reads <c>label:preset,key=value,…</c> and chains of it, <c>label:preset,…&gt;preset,…</c>.</summary>
    /// <exception cref="UsageException">The text is not of this form.</exception>
    public static Arm Parse(string text)
    {
        int colon = text.IndexOf(':');
        string label = colon > 0 ? text[..colon].Trim() : "";
        string[][] stages =
        [
            .. text[(colon + 1)..]
                .Split('>')
                .Select(stage => stage.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
        ];
        return
            label.Length > 0
            && label.IndexOfAny(Path.GetInvalidFileNameChars()) < 0
            && stages.All(parts => parts.Length > 0 && parts.Skip(1).All(p => p.Contains('=')))
            ? new Arm(label, [.. stages.Select(parts => ImmutableArray.Create([$"preset={parts[0]}", .. parts[1..]]))])
            : throw new UsageException(
                $"--arm {text}: write it as LABEL:PRESET,key=value,… for example --arm \"grpo-long:grpo,run.updates=200\", or as a chain of these, --arm \"sft-grpo:sft,run.updates=8>grpo,run.updates=42\"."
            );
    }

    /// <summary>The runs of a seed, in their order.</summary>
    /// <param name="load">Makes a configuration of overrides.</param>
    /// <param name="output">The directory of the comparison.</param>
    /// <param name="seed">Of every stage.</param>
    public ArmRuns.Chain Runs(Func<IEnumerable<string>, IcpoConfiguration> load, string output, ulong seed)
    {
        ImmutableArray<IcpoConfiguration>.Builder runs = ImmutableArray.CreateBuilder<IcpoConfiguration>(Stages.Length);
        foreach ((int stage, ImmutableArray<string> overrides) in Stages.Index())
        {
            string directory = Path.Combine(output, Stages.Length == 1 ? $"{Label}-seed{seed}" : $"{Label}-seed{seed}-stage{stage + 1}");
            // What a later stage starts from was measured when the one before it ended.
            string[] start = stage == 0 ? [] : [$"model.path={FinalModel(runs[^1])}", "evaluation.at-start=false"];
            runs.Add(load([.. start, .. overrides, $"run.seed={seed}", $"run.directory={directory}"]));
        }

        return new ArmRuns.Chain(Label, seed, runs.MoveToImmutable());
    }

    private static string FinalModel(IcpoConfiguration run) =>
        Path.Combine(
            new RunDirectory(run.Settings.Directory).Checkpoints,
            LearnerPlan.CheckpointName(new PolicyVersion(run.Settings.Updates))
        );
}
