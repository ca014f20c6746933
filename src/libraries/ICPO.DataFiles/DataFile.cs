using System.Text.Json;
using ICPO.DataFiles.Files;
using ICPO.DataFiles.JsonLines;
using ICPO.DataFiles.Parquet;

namespace ICPO.DataFiles;

/// <summary>
/// Reads a data set: JSON lines (UTF-8 with or without a byte order mark, LF or CRLF, blank lines skipped, the last newline optional), a
/// JSON array or
/// objects over several lines, these packed by gzip, or Parquet. The form is known by the first bytes, whatever the name says; a directory
/// or a name
/// with * is all its files (<see cref="DataFiles"/>). What cannot be read ends the reading with a sentence that names file, place and mend;
/// no row
/// is ever left out in silence.
/// </summary>
public static class DataFile
{
    /// <summary>There is a file of that name, a directory, or a file that the name's * stands for.</summary>
    public static bool Exists(string path) =>
        path.Length > 0 && (Directory.Exists(path) || DataFiles.Of(path).Any(file => File.Exists(file.Path)));

    /// <summary>The rows of a data set in its order, as JSON.</summary>
    /// <returns>Each with its place (file and line, or file, row group and row), valid until the next one is asked for.</returns>
    /// <exception cref="InvalidDataException">The file or a row of it cannot be read.</exception>
    public static IEnumerable<(string Place, JsonElement Row)> Rows(string path) =>
        Records(path).Select(record => (record.Place, record.Fields));

    /// <summary>The same for JSON of any form from a stream.</summary>
    /// <param name="name">What errors call it.</param>
    public static IEnumerable<(string Place, JsonElement Row)> Rows(string name, Stream stream) =>
        JsonRecords.Read(name, stream).Select(record => (record.Place, record.Fields));

    public static IEnumerable<DataRecord> Records(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InvalidDataException(
                "No data set is named; set the path of a file or directory: JSON lines, .jsonl.gz, JSON or Parquet."
            );
        }

        foreach ((string file, string name) in DataFiles.Of(path))
        {
            foreach (DataRecord record in OfFile(file))
            {
                yield return record with
                {
                    Name = name,
                };
            }
        }
    }

    private static IEnumerable<DataRecord> OfFile(string path)
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
                $"{path}: the file is packed by zstd; unpack it, or pack it by gzip."
            ),
            [(byte)'P', (byte)'K', 3, 4] => throw new InvalidDataException(
                $"{path}: the file is a zip archive; unpack it and name the file in it."
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
            return File.OpenRead(path);
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
