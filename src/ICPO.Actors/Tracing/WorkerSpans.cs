using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Tracing;

/// <summary>The spans that workers add to a group's trace.</summary>
internal static class WorkerSpans
{
    /// <summary>A rollout was sampled.</summary>
    /// <param name="trace">The context that its lease brought; null for none.</param>
    /// <param name="start">When its lease began.</param>
    /// <param name="rollout">The rollout.</param>
    public static void Sampled(string? trace, DateTimeOffset start, Rollout rollout)
    {
        if (trace is null || Spans.Begin(SpanNames.Rollout, trace, start) is not { } span)
        {
            return;
        }

        span.SetTag(SpanNames.OriginAttribute, rollout.Origin.ToString().ToLowerInvariant())
            .SetTag(SpanNames.SiblingAttribute, rollout.Id.Sibling)
            .SetTag(SpanNames.TokensAttribute, rollout.Tokens.Length)
            .SetTag(SpanNames.FinishAttribute, rollout.Finish.ToString().ToLowerInvariant())
            .SetTag(SpanNames.VersionAttribute, rollout.OldestVersion.Value)
            .End();
    }

    /// <summary>A response is being judged.</summary>
    /// <param name="trace">The context that its case brought; null for none.</param>
    /// <param name="sibling">The sibling number of the rollout.</param>
    /// <param name="judge">Judges it.</param>
    public static async Task<Judgment> VerifiedAsync(string? trace, int sibling, Func<Task<Judgment>> judge)
    {
        if (trace is null || Spans.Begin(SpanNames.Verify, trace) is not { } span)
        {
            return await judge().ConfigureAwait(false);
        }

        try
        {
            Judgment judgment = await judge().ConfigureAwait(false);
            span.SetTag(SpanNames.SiblingAttribute, sibling)
                .SetTag(SpanNames.VerdictAttribute, judgment.Verdict.ToString().ToLowerInvariant())
                .SetTag(SpanNames.RewardAttribute, judgment.Reward);
            _ = judgment.IsFault ? span.Fail(judgment.Detail ?? judgment.Verdict.ToString()) : span;
            return judgment;
        }
        finally
        {
            span.End();
        }
    }
}
