namespace ICPO.Actors.Algorithm.Batches;

/// <summary>DAPO's soft overlong punishment (arXiv 2503.14476 §3.4): 0 up to the ramp, rising linearly to 1 at the limit.</summary>
public static class OverlongPenalty
{
    /// <summary>What a response loses.</summary>
    /// <param name="tokens">Its length.</param>
    /// <param name="limit">The maximum length, L_max.</param>
    /// <param name="share">Length of the ramp as a share of the limit, L_cache / L_max; 0 is off.</param>
    public static double Of(int tokens, int limit, double share)
    {
        double ramp = limit * share;
        return ramp > 0 ? Math.Clamp((tokens - (limit - ramp)) / ramp, 0, 1) : 0;
    }
}
