namespace Fuzz.Running;

/// <summary>What a reader may take for an input, as docs/limits.md states it.</summary>
internal static class Bound
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    private const long FreeBytes = 64 << 20,
        BytesPerByte = 20;

    /// <summary>Bytes that may be allocated; what is alive at once is less.</summary>
    public static long Bytes(int length) => FreeBytes + (BytesPerByte * length);
}
