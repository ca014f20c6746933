using System.Collections.Immutable;

namespace LinkSupport;

/// <summary>What a link between node and core does to messages until it heals, and the run that it is put into.</summary>
public sealed record LinkSchedule
{
    /// <summary>Of each message in its order on the link; the link works for those after the last.</summary>
    public required ImmutableArray<LinkFate> Fates { get; init; }

    /// <summary>Requests in a hundred that an engine fails while the link is not healed.</summary>
    public required int EngineFaults { get; init; }

    /// <summary>Decides which requests take long or fail.</summary>
    public required ulong Seed { get; init; }

    /// <summary>η of the run.</summary>
    public required int Staleness { get; init; }

    public required int Engines { get; init; }

    public required string Preset { get; init; }

    public override string ToString() =>
        $"{Preset}, η = {Staleness}, {Engines} engines that fail {EngineFaults} of 100 requests (seed {Seed}), {Fates.Length} messages: "
        + string.Join(", ", Fates);
}
