using ICPO.Actors.Tasks.Rewards;

namespace ICPO.Actors.Tasks.Http;

/// <summary>Settings of a <see cref="HttpJudge"/>.</summary>
internal sealed record HttpJudgeSettings
{
    /// <summary>Maximum number of requests in flight.</summary>
    public required int Parallel { get; init; }

    /// <summary>Maximum number of cases in a request.</summary>
    public required int Batch { get; init; }

    /// <summary>The time for a request with all its attempts.</summary>
    public required TimeSpan Timeout { get; init; }

    public required RewardScale Rewards { get; init; }

    public required ServiceState State { get; init; }
}
