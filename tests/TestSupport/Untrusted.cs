using Xunit;

namespace TestSupport;

/// <summary>
/// Reads input that may hold anything under the bound of docs/limits.md. Allocated bytes stand for time too: they do not depend on the
/// machine.
/// </summary>
public static class Untrusted
{
    private const long FreeBytes = 64 << 20,
        BytesPerByte = 20;

    /// <summary>The files of a reader among the inputs of other people, and the own small copies of a fresh clone.</summary>
    public static List<string> Files(string reader) => Fixtures.Files(Path.Combine("reports", "fuzz", reader), "*");

    /// <summary>Fails if reading allocates more than the bound; returns what it threw.</summary>
    /// <param name="length">Size of the input in bytes.</param>
    /// <param name="read">Reads it on this thread.</param>
    public static Exception? Read(long length, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = Record.Exception(read);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            bytes <= FreeBytes + (BytesPerByte * length),
            $"{bytes >> 20} MB were allocated for {length} bytes; {(FreeBytes + (BytesPerByte * length)) >> 20} MB are allowed."
        );
        return error;
    }

    /// <summary>Fails unless the input is refused by this type of error within the bound.</summary>
    public static T Refused<T>(long length, Action read)
        where T : Exception => Assert.IsType<T>(Read(length, read), exactMatch: false);

    /// <summary>Fails unless the input is read, or refused by this type of error, within the bound.</summary>
    public static void ReadOrRefused<T>(long length, Action read)
        where T : Exception
    {
        if (Read(length, read) is { } error)
        {
            Assert.IsType<T>(error, exactMatch: false);
        }
    }
}
