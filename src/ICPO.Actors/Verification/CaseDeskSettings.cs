using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Leasing;
using ICPO.Actors.RunEvents;

namespace ICPO.Actors.Verification;

/// <summary>Settings of the case desk.</summary>
public sealed record CaseDeskSettings
{
    /// <summary>The core's epoch, which every case names.</summary>
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>Receives how many verifiers are at work; null publishes nothing.</summary>
    public RunEventBus? Events { get; init; }

    /// <summary>The time that a verifier has for one case. It keeps this limit itself; the desk notices that it is gone.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Time between two checks of deadlines.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A case that a verifier does not name is sent again after this time.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long beyond <see cref="Timeout"/> a verifier may return no verdict.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum time without a working verifier before the run ends.</summary>
    public TimeSpan FaultTimeout { get; init; } = TimeSpan.FromMinutes(5);

    internal LeaseRules LeaseRules =>
        new()
        {
            Timeout = Timeout + Margin,
            Attempts = 3,
            Repeat = Repeat,
        };
}
