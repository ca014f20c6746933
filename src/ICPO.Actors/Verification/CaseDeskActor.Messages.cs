using Akka.Actor;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Verification;

/// <summary>Messages between the core and the case desk.</summary>
public sealed partial class CaseDeskActor
{
    /// <summary>
    /// Requests a verdict; answered with <see cref="Verdict"/>. A rollout is judged once, even if the request is repeated.
    /// </summary>
    public sealed record Judge(RolloutId Rollout, Question Question, string Text, FinishReason Finish) : INoSerializationVerificationNeeded
    {
        /// <summary>W3C trace context for the verification; null without a listener.</summary>
        public string? Trace { get; init; }

        /// <summary>Requests a rollout's verdict.</summary>
        public static Judge Create(Rollout rollout, Question question, string? trace) =>
            new(rollout.Id, question, rollout.Text, rollout.Finish) { Trace = trace };
    }

    /// <summary>The verdict on a rollout.</summary>
    public sealed record Verdict(RolloutId Rollout, Judgment Judgment) : INoSerializationVerificationNeeded;

    /// <summary>Answered with <see cref="Idle"/> once no rollout waits for a verdict.</summary>
    public sealed record ReportIdle : INoSerializationVerificationNeeded
    {
        public static ReportIdle Instance { get; } = new();
    }

    /// <summary>No rollout waits for a verdict.</summary>
    public sealed record Idle : INoSerializationVerificationNeeded
    {
        public static Idle Instance { get; } = new();
    }

    internal sealed record Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}
