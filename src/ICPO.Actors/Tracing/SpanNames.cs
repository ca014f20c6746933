namespace ICPO.Actors.Tracing;

/// <summary>The names of spans and their attributes, after OpenTelemetry's rules for names.</summary>
internal static class SpanNames
{
    public const string Group = "icpo.group";
    public const string Lease = "icpo.lease";
    public const string Rollout = "icpo.rollout";
    public const string Verify = "icpo.verify";
    public const string Admit = "icpo.admit";
    public const string Train = "icpo.train";
    public const string Update = "icpo.update";

    public const string RunAttribute = "icpo.run";
    public const string GroupAttribute = "icpo.group";
    public const string QuestionAttribute = "icpo.question";
    public const string OutcomeAttribute = "icpo.outcome";
    public const string OriginAttribute = "icpo.origin";
    public const string AttemptAttribute = "icpo.attempt";
    public const string SiblingAttribute = "icpo.sibling";
    public const string RolloutsAttribute = "icpo.rollouts";
    public const string TokensAttribute = "icpo.tokens";
    public const string FinishAttribute = "icpo.finish_reason";
    public const string VersionAttribute = "icpo.weights.version";
    public const string VerdictAttribute = "icpo.verdict";
    public const string RewardAttribute = "icpo.reward";
    public const string UpdateAttribute = "icpo.update";
    public const string GroupsAttribute = "icpo.groups";
}
