namespace Architecture.Tests.Circle.Two;

/// <summary>Uses <see cref="One.First"/> in a signature alone.</summary>
internal sealed class Second
{
    public static string Name => nameof(Second);

    public void Take(One.First[] firsts) => ArgumentNullException.ThrowIfNull(firsts);
}
