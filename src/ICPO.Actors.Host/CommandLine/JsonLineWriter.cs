using System.Text;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>Writes each line as a JSON object with time, level, node, run and message. Thread-safe.</summary>
/// <param name="inner">Receives the objects, one per line.</param>
/// <param name="level">The level of all lines.</param>
/// <param name="fields">Fields of all lines; empty ones are omitted.</param>
/// <param name="time">The clock of time stamps.</param>
internal sealed class JsonLineWriter(
    TextWriter inner,
    string level,
    Func<IEnumerable<KeyValuePair<string, string>>> fields,
    TimeProvider time
) : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        lock (_gate)
        {
            if (value == '\n')
            {
                WriteObject(_line.ToString().TrimEnd('\r'));
                _line.Clear();
            }
            else
            {
                _line.Append(value);
            }
        }
    }

    /// <summary>Lines of concurrent threads are not interleaved.</summary>
    public override void WriteLine(string? value)
    {
        lock (_gate)
        {
            base.WriteLine(value);
        }
    }

    public override void Flush() => inner.Flush();

    private void WriteObject(string message)
    {
        var line = new JsonObject { ["time"] = time.GetUtcNow().ToString("O"), ["level"] = level };
        foreach ((string name, string value) in fields())
        {
            if (value.Length > 0)
            {
                line[name] = value;
            }
        }

        line["message"] = message;
        inner.WriteLine(line.ToJsonString());
    }
}
