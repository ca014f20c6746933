namespace ICPO.MathAnswers.Numbers;

/// <summary>
/// Bounds the work of one verdict. It counts elementary operations, not time, so the result is the same on every machine.
/// </summary>
internal sealed class Budget(int operations)
{
    private int _left = operations;

    public bool IsSpent => _left < 0;

    /// <summary>False once the budget is exceeded; the caller then gives up.</summary>
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
