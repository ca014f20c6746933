using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ICPO.Actors.Host.CommandLine;
using ICPO.DataFiles;
using ICPO.Jinja;

namespace ICPO.Actors.Host.Commands;

/// <summary>JSON in, from a file of any form that data sets have or the standard input; JSON lines out.</summary>
internal static class JsonLines
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the commands call their input.</summary>
    public static Argument<string?> Input() =>
        new("FILE")
        {
            Description = "JSON lines, also packed by gzip, a JSON array or Parquet; the standard input if left out or -.",
            Arity = ArgumentArity.ZeroOrOne,
        };

    /// <summary>Turns every object into a line.</summary>
    /// <param name="path">The file; null or "-" is the standard input.</param>
    /// <param name="terminal">Where the results go.</param>
    /// <param name="turn">Gets an object and a way to refuse it.</param>
    /// <param name="cancellation">Ends it between two lines.</param>
    /// <exception cref="InvalidDataException">A line is not what is asked for; names file and line.</exception>
    public static Task TurnAsync(string? path, Terminal terminal, Func<JsonObject, JsonObject> turn, CancellationToken cancellation) =>
        TurnAsync(path, terminal, (line, _, _) => Task.FromResult(turn(line)), 1, cancellation);

    /// <summary>Turns every object into a line, several at once; the results keep the order of the input.</summary>
    /// <param name="turn">Gets an object and its place (file and line).</param>
    /// <param name="ahead">Lines that may be worked on at once.</param>
    /// <exception cref="InvalidDataException">A line is not what is asked for; names file and line.</exception>
    public static async Task TurnAsync(
        string? path,
        Terminal terminal,
        Func<JsonObject, string, CancellationToken, Task<JsonObject>> turn,
        int ahead,
        CancellationToken cancellation
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var results = Channel.CreateBounded<Task<JsonObject>>(ahead);

        // On a thread of its own: whoever waits for a standard input that says nothing can be stopped all the same.
        var reading = Task.Run(ReadAsync, CancellationToken.None);
        try
        {
            await foreach (Task<JsonObject> result in results.Reader.ReadAllAsync(cancellation))
            {
                await terminal.Out.WriteLineAsync((await result).ToJsonString(OneLine));
            }
        }
        finally
        {
            await ended.CancelAsync();
        }

        await reading;

        async Task ReadAsync()
        {
            try
            {
                foreach (
                    (string place, JsonElement row) in path is null or "-"
                        ? DataFile.Rows("standard input", Console.OpenStandardInput())
                        : DataFile.Rows(path)
                )
                {
                    JsonElement line = row.Clone();
                    await results.Writer.WriteAsync(Placed(place, () => turn(Parsed(line), place, ended.Token)), ended.Token);
                }

                results.Writer.Complete();
            }
            catch (Exception e)
            {
                results.Writer.Complete(e is ChannelClosedException ? null : e);
            }
        }
    }

    private static JsonObject Parsed(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("must be a JSON object.");
        }

        string? twice = line.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        return twice is null ? JsonObject.Create(line)! : throw new InvalidDataException($"the key '{twice}' is given twice.");
    }

    private static async Task<JsonObject> Placed(string place, Func<Task<JsonObject>> turn)
    {
        try
        {
            return await turn();
        }
        catch (Exception e)
            when (e is InvalidDataException or ArgumentException or InvalidOperationException or TemplateException
                && !e.Message.StartsWith(place, StringComparison.Ordinal)
            )
        {
            throw new InvalidDataException($"{place}: {e.Message}", e);
        }
    }

    /// <summary>Refuses keys that nothing reads, so that a misspelt one does not pass for one left out.</summary>
    public static void Require(JsonObject line, params ReadOnlySpan<string> known)
    {
        foreach ((string? key, JsonNode? _) in line)
        {
            if (!known.Contains(key))
            {
                throw new InvalidDataException($"the key '{key}' is not known; known are {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>The value of a key, null if it is absent or null.</summary>
    public static T? Get<T>(JsonObject line, string key, string kind)
    {
        JsonNode? node = line[key];
        return node switch
        {
            null => default,
            T already => already,
            JsonValue value when value.TryGetValue(out T? read) => read,
            _ => throw new InvalidDataException($"{key} must be {kind}."),
        };
    }

    /// <summary>As one line of JSON, with letters as they are.</summary>
    public static string Line(JsonObject value) => value.ToJsonString(OneLine);
}
