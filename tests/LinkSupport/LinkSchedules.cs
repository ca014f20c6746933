using CsCheck;

namespace LinkSupport;

/// <summary>
/// Generates schedules. Small numbers are harmless fates and short schedules, so that shrinking leaves the messages that matter.
/// </summary>
public static class LinkSchedules
{
    private const int MaxDelay = 60;
    private static readonly string[] Presets = ["sft", "grpo", "icpo"];

    /// <summary>Percentages of messages that are lost, repeated, held and delayed.</summary>
    private static readonly Gen<(int Lost, int Repeated, int Held, int Late)> Weights = Gen.Select(
        Gen.Int[0, 60],
        Gen.Int[0, 50],
        Gen.Int[0, 40],
        Gen.Int[0, 40]
    );

    private static readonly Gen<int> Percent = Gen.Int[0, 99];

    public static Gen<LinkSchedule> All { get; } =
        Gen.Select(
            Weights.SelectMany(weights => FateOf(weights).Array[50, 650]),
            Gen.Select(Gen.Int[0, 3], Gen.Int[5, 24], (kind, share) => kind == 3 ? share : 0),
            Gen.ULong,
            Gen.Int[0, 2],
            Gen.Int[1, 3],
            Gen.Int[0, 2],
            (fates, faults, seed, kind, engines, preset) =>
                new LinkSchedule
                {
                    Fates = [.. fates],
                    EngineFaults = faults,
                    Seed = seed,
                    Staleness = kind == 0 ? 0 : 1,
                    Engines = kind == 0 ? 1 : engines,
                    Preset = Presets[preset],
                }
        );

    private static Gen<LinkFate> FateOf((int Lost, int Repeated, int Held, int Late) weights) =>
        Gen.Select(Percent, Percent, Percent, Percent, Gen.Int[1, 12], Gen.Int[1, MaxDelay], (lost, repeated, held, late, count, delay) =>
        {
            bool isHeld = held >= 100 - weights.Held;
            bool isLate = !isHeld && late >= 100 - weights.Late;
            return new LinkFate(lost >= 100 - weights.Lost, repeated >= 100 - weights.Repeated, isHeld ? count : 0, isLate ? delay : 0);
        });
}
