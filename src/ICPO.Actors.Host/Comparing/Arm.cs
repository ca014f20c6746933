using System.Collections.Immutable;
using ICPO.Actors.Checkpointing;
using ICPO.Actors.Configuration.Grids;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Comparing;

/// <summary>
/// One arm of a comparison: a run per seed, or a chain of runs of which each starts from the final weights of the previous one.
/// </summary>
/// <param name="Label">The name in tables and directories.</param>
/// <param name="Stages">The values that each run sets, as <c>key=value</c>; the preset first.</param>
internal sealed record Arm(string Label, ImmutableArray<ImmutableArray<string>> Stages)
{
    /// <summary>The label that earlier versions gave this arm; its runs are used if they exist.</summary>
    private string? FormerLabel { get; init; }

    /// <param name="name">The current or a former name of a preset.</param>
    public static Arm FromPreset(string name)
    {
        string preset = FormerNames.CurrentPreset(name);
        return new(
            preset,
            [
                [$"preset={preset}"],
            ]
        )
        {
            FormerLabel = FormerNames.FormerPreset(preset),
        };
    }

    /// <summary>Parses <c>label:preset,key=value,…</c> and chains, <c>label:preset,…&gt;preset,…</c>.</summary>
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
        bool isValid =
            label.Length > 0
            && label.IndexOfAny(Path.GetInvalidFileNameChars()) < 0
            && stages.All(parts => parts.Length > 0 && parts.Skip(1).All(p => p.Contains('=')));
        return isValid
            ? new Arm(label, [.. stages.Select(parts => ImmutableArray.Create([$"preset={parts[0]}", .. parts[1..]]))])
            : throw new UsageException(
                $"--arm {text}: write LABEL:PRESET,key=value,… for example --arm \"grpo-long:grpo,run.updates=200\", "
                    + "or a chain, --arm \"sft-grpo:sft,run.updates=8>grpo,run.updates=42\"."
            );
    }

    /// <summary>The arm that a comparison file defines.</summary>
    /// <exception cref="UsageException">Its chain is not of the form of <c>--arm</c>.</exception>
    public static Arm FromGrid(GridArm arm) => arm.Chain is { } chain ? Parse($"{arm.Label}:{chain}") : new Arm(arm.Label, [arm.Values]);

    /// <summary>The runs of a seed, in order.</summary>
    /// <param name="load">Creates a configuration from overrides.</param>
    /// <param name="output">The directory of the arm's runs.</param>
    /// <param name="seed">The seed of every stage.</param>
    public ArmChain CreateRuns(Func<IEnumerable<string>, IcpoConfiguration> load, string output, ulong seed)
    {
        ImmutableArray<IcpoConfiguration>.Builder runs = ImmutableArray.CreateBuilder<IcpoConfiguration>(Stages.Length);
        foreach ((int stage, ImmutableArray<string> overrides) in Stages.Index())
        {
            // The previous stage was evaluated at its end, with the weights that this stage starts from.
            string[] start = stage == 0 ? [] : [$"model.path={FinalModel(runs[^1])}", "evaluation.at-start=false"];
            string directory = Directory(output, seed, stage);
            runs.Add(load([.. start, .. overrides, $"run.seed={seed}", $"run.directory={directory}"]));
        }

        return new ArmChain(Label, seed, runs.MoveToImmutable());
    }

    private string Directory(string output, ulong seed, int stage)
    {
        string suffix = Stages.Length == 1 ? $"-seed{seed}" : $"-seed{seed}-stage{stage + 1}";
        string current = Path.Combine(output, Label + suffix);
        string? former = FormerLabel is null ? null : Path.Combine(output, FormerLabel + suffix);
        return System.IO.Directory.Exists(former) && !System.IO.Directory.Exists(current) ? former : current;
    }

    private static string FinalModel(IcpoConfiguration run) =>
        Path.Combine(new RunDirectory(run.Settings.Directory).Checkpoints, CheckpointStore.Name(new PolicyVersion(run.Settings.Updates)));
}
