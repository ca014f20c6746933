using System.Text.Json;
using ICPO.DataFiles.Files;
using ICPO.DataFiles.JsonLines;
using ICPO.DataFiles.Parquet;

namespace ICPO.DataFiles;

/// <summary>
/// Reads a data set: JSON lines (UTF-8 with or without a byte order mark, LF or CRLF, blank lines skipped, last newline optional), a JSON
/// array, or JSON objects that span several lines, each optionally compressed by gzip; or Parquet. The first bytes decide the format, not
/// the
/// name. A directory, or a name with * or ?, means all its files (<see cref="DataFileSet"/>). An unreadable row ends the enumeration
/// with
/// an error that names the file, the position and the fix; rows are never skipped silently.
/// </summary>
public static class DataFile
{
    /// <summary>True if the path is a file, a directory, or a pattern that matches a file.</summary>
    public static bool Exists(string path) =>
        path.Length > 0 && (Directory.Exists(path) || DataFileSet.Find(path).Any(file => File.Exists(file.Path)));

    /// <summary>The files of a path, in the order in which they are read, each with its name in row ids.</summary>
    /// <exception cref="InvalidDataException">A directory holds no data file.</exception>
    public static IReadOnlyList<(string Path, string Name)> Files(string path) => DataFileSet.Find(path);

    /// <summary>The rows of a data set in file order, as JSON.</summary>
    /// <returns>
    /// Each row with its position (file and line, or file, row group and row). A row is valid until the next one is requested.
    /// </returns>
    /// <exception cref="InvalidDataException">A file or one of its rows cannot be read.</exception>
    public static IEnumerable<(string Place, JsonElement Row)> Rows(string path) =>
        Records(path).Select(record => (record.Place, record.Fields));

    /// <summary>The rows of a stream that holds JSON in any of the supported layouts.</summary>
    /// <param name="name">The stream's name in errors.</param>
    /// <param name="stream">UTF-8, uncompressed.</param>
    /// <exception cref="InvalidDataException">A row cannot be read.</exception>
    public static IEnumerable<(string Place, JsonElement Row)> Rows(string name, Stream stream) =>
        JsonRecords.Read(name, stream).Select(record => (record.Place, record.Fields));

    /// <summary>The rows of a data set in file order, with the number and file name that row ids are made of.</summary>
    /// <returns>Each record is valid until the next one is requested.</returns>
    /// <exception cref="InvalidDataException">A file or one of its rows cannot be read.</exception>
    public static IEnumerable<DataRecord> Records(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InvalidDataException(
                "The path of the data set is empty; name a file or directory with JSON lines, .jsonl.gz, JSON or Parquet."
            );
        }

        foreach ((string file, string name) in DataFileSet.Find(path))
        {
            foreach (DataRecord record in ReadFile(file))
            {
                yield return record with
                {
                    Name = name,
                };
            }
        }
    }

    private static IEnumerable<DataRecord> ReadFile(string path)
    {
        using FileStream file = Open(path);
        byte[] start = new byte[4];
        int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        IEnumerable<DataRecord> records = start.AsSpan(0, length) switch
        {
            [0x1F, 0x8B, ..] => JsonRecords.Read(path, GzipFile.Open(path, file)),
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1'] => ParquetRecords.Read(path, file),
            [(byte)'P', (byte)'A', (byte)'R', (byte)'E'] => throw new InvalidDataException(
                $"{path}: the Parquet file is encrypted; write it without encryption."
            ),
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => throw new InvalidDataException($"{path}: the file is UTF-16; save it as UTF-8."),
            [0x28, 0xB5, 0x2F, 0xFD] => throw new InvalidDataException(
                $"{path}: the file is compressed by zstd; decompress it, or compress it by gzip."
            ),
            [(byte)'P', (byte)'K', 3, 4] => throw new InvalidDataException(
                $"{path}: the file is a zip archive; extract it and name the file in it."
            ),
            _ => JsonRecords.Read(path, file),
        };
        foreach (DataRecord record in records)
        {
            yield return record;
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return GitLfsPointer.Refuse(path, File.OpenRead(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"{path}: the data set cannot be read ({error.Message.TrimEnd('.')}); check the path and the permissions.",
                error
            );
        }
    }
}
