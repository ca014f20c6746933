using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Metrics.Sinks;

/// <summary>Appends one JSON object per line; each line reaches the operating system whole before the next is written.</summary>
public sealed class JsonLinesFile : IDisposable
{
    private static readonly JsonWriterOptions Compact = new() { Indented = false };
    private readonly FileStream _file;

    /// <summary>Opens for appending. A last line that a crash cut off is ended, so that readers skip only that line.</summary>
    public JsonLinesFile(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (_file.Length > 0)
        {
            _file.Seek(-1, SeekOrigin.End);
            bool whole = _file.ReadByte() == '\n';
            if (!whole)
            {
                _file.WriteByte((byte)'\n');
            }
        }
    }

    public void Write(JsonObject line)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            line.WriteTo(writer);
        }

        buffer.WriteByte((byte)'\n');
        _file.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public void Dispose() => _file.Dispose();
}
