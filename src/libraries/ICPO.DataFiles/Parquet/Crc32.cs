namespace ICPO.DataFiles.Parquet;

/// <summary>CRC-32 as gzip and Parquet have it (polynomial 0xEDB88320, reflected).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static uint Of(ReadOnlySpan<byte> bytes) => Continue(0, bytes);

    /// <summary>The sum of what had <paramref name="sum"/> and these bytes behind it.</summary>
    public static uint Continue(uint sum, ReadOnlySpan<byte> bytes)
    {
        sum = ~sum;
        foreach (byte next in bytes)
        {
            sum = Table[(byte)(sum ^ next)] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static uint Entry(int index)
    {
        uint entry = (uint)index;
        for (int bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) == 0 ? entry >> 1 : 0xEDB88320 ^ (entry >> 1);
        }

        return entry;
    }
}
