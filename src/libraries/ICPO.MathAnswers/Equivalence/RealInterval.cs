namespace ICPO.MathAnswers.Equivalence;

/// <summary>An interval of real numbers; a point is closed on both sides.</summary>
internal sealed record RealInterval(IntervalEnd Low, IntervalEnd High)
{
    public bool IsEmpty => Low.Number > High.Number || (Low.Number == High.Number && !(Low.Closed && High.Closed));
}
