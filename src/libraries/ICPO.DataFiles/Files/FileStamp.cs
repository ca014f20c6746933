using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ICPO.DataFiles.Files;

/// <summary>
/// What changes whenever a file's content may have changed: its inode and the time of its last status change. Unlike the time of the last
/// write, which copying tools restore, the system alone sets it.
/// </summary>
internal static partial class FileStamp
{
    private const int WorkingDirectory = -100;
    private const uint BasicFields = 0x7ff;
    private const int Inode = 32;
    private const int ChangeTime = 96;
    private const int Device = 136;
    private const long Nanoseconds = 1_000_000_000;

    /// <summary>Two changes within one tick of a file system's clock have the same time.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>Null if the system has no such time, or the file has changed so recently that it could change again unnoticed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settled">How long ago the last change must be, usually <see cref="Settled"/>.</param>
    public static string? Read(string path, TimeSpan settled)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> fields = stackalloc byte[256];
        try
        {
            if (StatX(WorkingDirectory, path, 0, BasicFields, ref MemoryMarshal.GetReference(fields)) != 0)
            {
                return null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        long seconds = BinaryPrimitives.ReadInt64LittleEndian(fields[ChangeTime..]);
        long changed = (seconds * Nanoseconds) + BinaryPrimitives.ReadUInt32LittleEndian(fields[(ChangeTime + 8)..]);
        TimeSpan age = TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(changed / 100);
        ulong device = BinaryPrimitives.ReadUInt64LittleEndian(fields[Device..]);
        ulong inode = BinaryPrimitives.ReadUInt64LittleEndian(fields[Inode..]);
        return age < settled ? null : string.Create(CultureInfo.InvariantCulture, $"{device:x}-{inode:x}-{changed}");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte fields);
}
