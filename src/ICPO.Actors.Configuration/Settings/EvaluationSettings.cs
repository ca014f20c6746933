namespace ICPO.Actors.Configuration.Settings;

/// <summary>When the policy is evaluated, and on how many held-out questions.</summary>
public sealed record EvaluationSettings
{
    /// <summary>Updates between two evaluations; 0 disables evaluations during training.</summary>
    public required int Every { get; init; }

    /// <summary>Questions of an evaluation during training.</summary>
    public required int Questions { get; init; }

    /// <summary>Questions of the evaluations at the start and at the end.</summary>
    public required int FinalQuestions { get; init; }

    /// <summary>Responses per question.</summary>
    public required int Samples { get; init; }

    /// <summary>Evaluate before the first update.</summary>
    public required bool AtStart { get; init; }

    /// <summary>Evaluate after the last update.</summary>
    public required bool AtEnd { get; init; }

    /// <summary>Deadline of one evaluation.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The directory that contains the benchmark files.</summary>
    public required string DataDirectory { get; init; }
}
