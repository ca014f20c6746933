namespace ICPO.Actors.Runs;

/// <summary>The stage of a run between start and end.</summary>
internal enum RunStage
{
    /// <summary>The journal's database is reached and the journal is read.</summary>
    ReadingJournal,

    /// <summary>The learner's and the evaluator's models are loaded, outside of the run's actor.</summary>
    LoadingModels,

    /// <summary>The learner restores the last committed update.</summary>
    RecoveringLearner,

    /// <summary>The accuracy before training is measured.</summary>
    MeasuringBefore,

    /// <summary>The learner trains, or completes its last step after a stop.</summary>
    Training,

    /// <summary>Open rollouts end.</summary>
    Draining,

    /// <summary>The accuracy after training is measured.</summary>
    MeasuringAfter,

    /// <summary>The metrics report the ledger.</summary>
    Accounting,

    /// <summary>The summary is written.</summary>
    Summarizing,

    /// <summary>The outcome is final.</summary>
    Ending,
}
