using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Tasks.Http;

/// <summary>What a failed request means.</summary>
internal enum FailureKind
{
    /// <summary>The service cannot be reached or is overloaded: the request is tried again.</summary>
    Away,

    /// <summary>The service failed on this content: the request is tried again, then each case alone.</summary>
    Failed,

    /// <summary>The service refuses the content: each case is tried alone.</summary>
    Refused,

    /// <summary>The service refuses every request, for example because of the secret.</summary>
    Denied,

    /// <summary>The time is over.</summary>
    TimedOut,
}

/// <summary>A request without a usable response.</summary>
internal sealed class HttpFailureException(FailureKind kind, string message, TimeSpan? retryAfter = null, Exception? cause = null)
    : Exception(message, cause)
{
    public FailureKind Kind => kind;

    /// <summary>The pause that the service asks for.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>What it means for a case; never a reward.</summary>
    public Judgment ToJudgment() =>
        kind == FailureKind.TimedOut ? Judgment.TimedOut(Message) : Judgment.Crashed($"the service failed: {Message}");
}
