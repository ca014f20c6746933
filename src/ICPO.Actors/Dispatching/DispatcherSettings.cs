using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Leasing;
using ICPO.Actors.RunEvents;
using ICPO.Actors.Tracing;

namespace ICPO.Actors.Dispatching;

/// <summary>Settings of the dispatcher.</summary>
/// <param name="Group">Sizes.</param>
/// <param name="Admission">Bounds and deadlines.</param>
public sealed record DispatcherSettings(GroupSettings Group, AdmissionSettings Admission)
{
    /// <summary>The core's epoch, which every lease names.</summary>
    public LearnerEpoch Epoch { get; init; }

    /// <summary>n, updates that train on a group.</summary>
    public int SamplesPerInsert { get; init; } = 1;

    /// <summary>True if a request is sampled as a whole or not at all, as η = 0 needs it.</summary>
    public bool WholeRequests { get; init; }

    /// <summary>Time between two checks of deadlines.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A lease that a worker does not name is sent again after this time.</summary>
    public TimeSpan Repeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the run's events are published.</summary>
    public RunEventBus Events { get; init; } = new();

    /// <summary>Traces of the run.</summary>
    public RunTraces Traces { get; init; } = RunTraces.None;

    internal LeaseRules LeaseRules =>
        new()
        {
            Timeout = Admission.LeaseTimeout,
            Attempts = Admission.LeaseAttempts,
            Whole = WholeRequests,
            Repeat = Repeat,
        };

    /// <summary>A lease may make no progress until it expires, so a stall must last longer than that.</summary>
    internal TimeSpan StallLimit => Admission.LeaseTimeout + Admission.StallTimeout;
}
