using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.History;

/// <summary>Writes and reads the events of a run.</summary>
public static class RunEventLog
{
    /// <summary>Appends lines; each reaches the file whole.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Append(RunDirectory directory, params IEnumerable<EventLine> lines)
    {
        ArgumentNullException.ThrowIfNull(directory);
        string text = string.Concat(lines.Select(line => Text(line) + "\n"));
        if (text.Length > 0)
        {
            File.AppendAllText(directory.Events, text);
        }
    }

    /// <summary>An event as it is written, on one line.</summary>
    public static string Text(EventLine line) => JsonSerializer.Serialize(line, EventLineJson.Default.EventLine);

    /// <summary>All events, oldest first; invalid lines, such as one truncated by a crash, are skipped.</summary>
    public static ImmutableArray<EventLine> Read(RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return File.Exists(directory.Events) ? [.. Lines(directory.Events).Select(Parse).OfType<EventLine>()] : [];
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (file.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static EventLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EventLineJson.Default.EventLine) is { Kind: not null, Text: not null } read
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
