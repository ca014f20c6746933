using System.Globalization;

namespace ICPO.Actors.Soak;

/// <summary>Runs of seconds: few groups of few rollouts, checkpoints and snapshots often, nothing evaluated.</summary>
/// <param name="Staleness">η.</param>
/// <param name="Updates">T.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="LoraRank">Rank of the adapter that is trained; 0 trains all weights.</param>
internal sealed record SmallRun(int Staleness, int Updates, int Seed = 1, int LoraRank = 0)
{
    /// <summary>B.</summary>
    public const int Groups = 2;

    /// <summary>
    /// Sequences that an engine runs at once. Less than a group's: its rollouts end apart, so groups are half done for longer.
    /// </summary>
    public int Slots { get; init; } = 8;

    /// <summary>Groups that may wait when a run ends.</summary>
    public int MostWaiting => (Staleness + 1) * Groups;

    public string[] Train(string directory) =>
        [
            "train",
            "--output",
            directory,
            "--seed",
            Text(Seed),
            .. Set("run.updates", Updates),
            .. Set("admission.max-staleness", Staleness),
            .. Set("group.groups-per-update", Groups),
            .. Set("group.policy-rollouts", 4),
            .. Set("engine.slots", Slots),
            .. Set("checkpoint.every", 3),
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
