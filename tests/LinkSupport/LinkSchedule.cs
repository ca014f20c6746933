using ICPO.Actors.Contracts.Identity;

namespace LinkSupport;

/// <summary>What a link between node and core does to messages until it heals, and the run that it is put into.</summary>
public sealed record LinkSchedule
{
    /// <summary>Decides about each message.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Probability that a message is lost, in [0, 1).</summary>
    public required double Drop { get; init; }

    /// <summary>Probability that a message arrives twice.</summary>
    public required double Repeat { get; init; }

    /// <summary>Probability that a message arrives after later ones.</summary>
    public required double Hold { get; init; }

    /// <summary>Probability that a message takes up to <see cref="Delay"/>.</summary>
    public required double Late { get; init; }

    public required TimeSpan Delay { get; init; }

    /// <summary>Messages after which the link works.</summary>
    public required int HealsAfter { get; init; }

    /// <summary>Requests in a hundred that an engine fails while the link is not healed.</summary>
    public required int EngineFaults { get; init; }

    /// <summary>η of the run.</summary>
    public required int Staleness { get; init; }

    public required int Engines { get; init; }

    public required string Preset { get; init; }

    /// <summary>A schedule that is a function of its number.</summary>
    public static LinkSchedule Of(ulong seed)
    {
        var random = new RandomStream(Seed64(seed));
        int staleness = random.NextInt(3) == 0 ? 0 : 1;
        return new LinkSchedule
        {
            Seed = seed,
            Drop = 0.6 * random.NextDouble(),
            Repeat = 0.5 * random.NextDouble(),
            Hold = 0.4 * random.NextDouble(),
            Late = 0.4 * random.NextDouble(),
            Delay = TimeSpan.FromMilliseconds(10 * (1 + random.NextInt(6))),
            HealsAfter = 50 + random.NextInt(600),
            EngineFaults = random.NextInt(4) == 0 ? 5 + random.NextInt(20) : 0,
            Staleness = staleness,
            Engines = staleness == 0 ? 1 : 1 + random.NextInt(3),
            Preset = new[] { "icpo", "grpo", "sft" }[random.NextInt(3)],
        };
    }

    private static ulong Seed64(ulong seed) => ICPO.Actors.Contracts.Identity.Seed.Derive(seed, "link");
}
