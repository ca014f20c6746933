namespace ICPO.Actors.Contracts.Identity;

/// <summary>The number of committed optimizer updates of a set of weights; 0 is the base model.</summary>
public readonly record struct PolicyVersion : IComparable<PolicyVersion>
{
    public PolicyVersion(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Value = value;
    }

    public long Value { get; }

    /// <summary>The weights before the first update.</summary>
    public static PolicyVersion Base => default;

    public PolicyVersion Next() => new(Value + 1);

    public int CompareTo(PolicyVersion other) => Value.CompareTo(other.Value);

    public static bool operator <(PolicyVersion left, PolicyVersion right) => left.Value < right.Value;

    public static bool operator >(PolicyVersion left, PolicyVersion right) => left.Value > right.Value;

    public static bool operator <=(PolicyVersion left, PolicyVersion right) => left.Value <= right.Value;

    public static bool operator >=(PolicyVersion left, PolicyVersion right) => left.Value >= right.Value;

    public override string ToString() => $"v{Value}";
}
