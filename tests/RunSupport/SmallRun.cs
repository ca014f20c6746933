using System.Globalization;

namespace RunSupport;

/// <summary>The command line of a run of seconds: few groups of few rollouts, frequent checkpoints and snapshots, no evaluation.</summary>
/// <param name="Staleness">η, the maximum staleness.</param>
/// <param name="Updates">T, the number of updates.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="LoraRank">Rank of the adapter; 0 trains all weights.</param>
public sealed record SmallRun(int Staleness, int Updates, int Seed = 1, int LoraRank = 0)
{
    /// <summary>B, the groups per update.</summary>
    public const int Groups = 2;

    /// <summary>
    /// Sequences in flight per engine. With fewer than a group has, its rollouts end at different times, so groups stay incomplete for
    /// longer.
    /// </summary>
    public int Slots { get; init; } = 8;

    /// <summary>Updates between two checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 3;

    /// <summary>How many of the newest checkpoints are kept.</summary>
    public int Checkpoints { get; init; } = 2;

    /// <summary>Maximum number of groups that are still buffered at the end of a run.</summary>
    public int MaxBuffered => (Staleness + 1) * Groups;

    public string[] Train(string directory) => ["train", "--output", directory, .. Settings];

    /// <summary>The run's settings as options.</summary>
    public string[] Settings =>
        [
            .. Set("run.seed", Seed),
            .. Set("run.updates", Updates),
            .. Set("admission.max-staleness", Staleness),
            .. Set("group.groups-per-update", Groups),
            .. Set("group.policy-rollouts", 4),
            .. Set("engine.slots", Slots),
            .. Set("checkpoint.every", CheckpointEvery),
            .. Set("checkpoint.keep", Checkpoints),
            .. Set("journal.snapshot-every", 10),
            .. Set("evaluation.every", 0),
            .. Set("model.lora.rank", LoraRank),
            "--set",
            "journal.rollout-delay=0s",
            "--set",
            "evaluation.at-start=false",
            "--set",
            "evaluation.at-end=false",
        ];

    public static string[] Resume(string directory) => ["train", "--resume", directory];

    private static string[] Set(string key, int value) => ["--set", $"{key}={Text(value)}"];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
