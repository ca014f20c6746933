using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Runs;

/// <summary>The events of a run; see <see cref="RunProgression"/>.</summary>
internal abstract record RunEvent
{
    private RunEvent() { }

    /// <summary>The journal's database answers and has its tables.</summary>
    public sealed record JournalReached : RunEvent;

    /// <summary>The buffer has read the journal.</summary>
    public sealed record Recovered : RunEvent;

    /// <summary>The models of learner and evaluator are loaded.</summary>
    public sealed record ModelsLoaded : RunEvent;

    /// <summary>The learner has the last committed weights.</summary>
    public sealed record LearnerReady : RunEvent;

    /// <summary>New weights are published.</summary>
    public sealed record Advanced(PolicyVersion Version) : RunEvent;

    /// <summary>A version was evaluated.</summary>
    public sealed record Evaluated(PolicyVersion Version) : RunEvent;

    /// <summary>A version was not evaluated, because a newer one was requested or its weights were deleted.</summary>
    public sealed record EvaluationSkipped(PolicyVersion Version) : RunEvent;

    /// <summary>The learner makes no more updates; its last checkpoint is written.</summary>
    public sealed record LearnerFinished(PolicyVersion Version) : RunEvent;

    /// <summary>No rollout is open, and everything is recorded.</summary>
    public sealed record Drained : RunEvent;

    /// <summary>The metrics have reported the ledger.</summary>
    public sealed record Accounted : RunEvent;

    /// <summary>The summary of a run without a failure is in its file.</summary>
    public sealed record SummaryWritten : RunEvent;

    /// <summary>The owner requests a stop after the update in progress.</summary>
    public sealed record StopRequested : RunEvent;

    /// <summary>The journal's database has stopped answering, or answers again.</summary>
    public sealed record JournalAway(bool Away) : RunEvent;

    /// <summary>What the run waits for did not happen before its deadline.</summary>
    public sealed record Overdue(string What) : RunEvent;

    /// <summary>A part of the run has failed.</summary>
    public sealed record Failed(Exception Cause) : RunEvent;
}
