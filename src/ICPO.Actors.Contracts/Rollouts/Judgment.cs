using System.Globalization;

namespace ICPO.Actors.Contracts.Rollouts;

/// <summary>A verifier's verdict. A wrong answer is not a timeout: a fault of the verifier is never a reward.</summary>
public enum Verdict
{
    Correct = 0,
    Wrong = 1,
    Unparseable = 2,
    TimedOut = 3,
    Crashed = 4,
}

/// <summary>A verdict with its reward and reason.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reward">R(τ) in [0, 1]; null if the verifier failed.</param>
/// <param name="Extracted">The answer extracted from the response, if any.</param>
/// <param name="Detail">The reason, as text.</param>
public sealed record Judgment(Verdict Verdict, double? Reward, string? Extracted = null, string? Detail = null)
{
    public static Judgment Correct(string? extracted = null) => new(Verdict.Correct, 1, extracted);

    public static Judgment Wrong(string? extracted = null, string? detail = null) => new(Verdict.Wrong, 0, extracted, detail);

    public static Judgment Unparseable(string? detail = null) => new(Verdict.Unparseable, 0, null, detail);

    public static Judgment TimedOut(string detail) => new(Verdict.TimedOut, null, null, detail);

    public static Judgment Crashed(string detail) => new(Verdict.Crashed, null, null, detail);

    /// <summary>True if the verifier failed.</summary>
    public bool IsFault => Reward is null;

    /// <summary>
    /// This judgment if it is one; else <see cref="Verdict.Crashed"/>: a reward that is not a number in [0, 1], a fault with a reward and a
    /// verdict without one are faults of the verifier.
    /// </summary>
    public Judgment Checked()
    {
        bool isFault = Verdict is Verdict.TimedOut or Verdict.Crashed;
        bool isSound = isFault
            ? Reward is null
            : Verdict is Verdict.Correct or Verdict.Wrong or Verdict.Unparseable && Reward is >= 0 and <= 1;
        return isSound
            ? this
            : Crashed($"it returned the verdict {Verdict} with the reward {Reward?.ToString(CultureInfo.InvariantCulture) ?? "null"}");
    }
}
