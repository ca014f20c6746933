namespace Architecture.Tests.Circle.Three;

/// <summary>Uses the others and is used by none.</summary>
internal sealed class Third
{
    public List<Two.Second> Seconds { get; } = [];
}
