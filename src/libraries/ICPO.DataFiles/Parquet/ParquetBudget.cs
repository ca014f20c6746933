namespace ICPO.DataFiles.Parquet;

/// <summary>
/// How much the content of a Parquet file may be, in proportion to the file: repeated values and compressed pages take almost no bytes, and
/// row groups can share them.
/// </summary>
/// <param name="fileBytes">Size of the file.</param>
internal sealed class ParquetBudget(long fileBytes)
{
    private long _rows = 500_000 + fileBytes;
    private long _entries = (8 << 20) + (16 * fileBytes);
    private long _groupEntries;
    private long _bytes = (16 << 20) + (16 * fileBytes);
    private long _text = (64 << 20) + (100 * fileBytes);

    /// <summary>Begins a row group, whose columns are in memory together.</summary>
    /// <exception cref="FormatException">The file claims too many rows.</exception>
    public void Rows(long count)
    {
        _groupEntries = (1 << 20) + (4 * fileBytes);
        Take(ref _rows, count, "rows");
    }

    /// <summary>Entries of a column or values of a dictionary.</summary>
    /// <exception cref="FormatException">The file claims too many.</exception>
    public void Entries(long count)
    {
        Take(ref _groupEntries, count, "entries in a row group");
        Take(ref _entries, count, "entries");
    }

    /// <summary>Bytes of decompressed pages, and of values with shared beginnings.</summary>
    /// <exception cref="FormatException">There are too many.</exception>
    public void Bytes(long count) => Take(ref _bytes, count, "bytes in its pages");

    /// <summary>Bytes of rows as JSON.</summary>
    /// <exception cref="FormatException">There are too many.</exception>
    public void Text(long count) => Take(ref _text, count, "bytes of rows");

    private void Take(ref long left, long count, string what) =>
        left =
            count >= 0 && count <= left
                ? left - count
                : throw new FormatException($"a file of {fileBytes} bytes claims more {what} than it can hold");
}
