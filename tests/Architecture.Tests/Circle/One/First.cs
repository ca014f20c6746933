namespace Architecture.Tests.Circle.One;

/// <summary>Uses <see cref="Two.Second"/> in a method body alone.</summary>
internal sealed class First
{
    public override string ToString() => Two.Second.Name;
}
