namespace ICPO.MathAnswers.Numbers;

/// <summary>
/// How much work one verdict may cost. What is spent is counted in small operations, so a verdict's cost is the same on every machine.
/// </summary>
internal sealed class Budget(int operations)
{
    private int _left = operations;

    public bool IsSpent => _left < 0;

    /// <summary>False once the budget is gone; the caller then gives up by its own rule.</summary>
    public bool Spend(int operations = 1)
    {
        if (_left < 0)
        {
            return false;
        }

        _left -= operations;
        return _left >= 0;
    }
}
