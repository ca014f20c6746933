using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Leasing;

namespace ICPO.Actors.Verification;

/// <summary>How cases are given to verifiers.</summary>
public sealed record CaseDeskSettings
{
    /// <summary>The core's epoch, which every case names.</summary>
    public required LearnerEpoch Epoch { get; init; }

    /// <summary>The time that a verifier has for one case. It keeps this limit itself; the desk notices that it is gone.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Time between two looks at deadlines.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A case that a verifier does not name is sent again after this time.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a verifier may give no verdict at all beyond <see cref="Timeout"/>.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long no verifier may be able to work because of faults before the run ends.</summary>
    public TimeSpan FaultTimeout { get; init; } = TimeSpan.FromMinutes(5);

    internal LeaseRules LeaseRules =>
        new()
        {
            Timeout = Timeout + Margin,
            Attempts = 3,
            Repeat = Repeat,
        };
}
