using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ICPO.Actors.Host;

/// <summary>JSON lines in and out: one object a line, from a file or the standard input; empty lines are passed over.</summary>
internal static class JsonLines
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Turns every line into another.</summary>
    /// <param name="path">The file; null or "-" is the standard input.</param>
    /// <param name="terminal">Where the results go.</param>
    /// <param name="turn">Gets the object of a line and a way to refuse it.</param>
    /// <param name="cancellation">Ends it between two lines.</param>
    /// <exception cref="InvalidDataException">A line is not what is asked for; names file and line.</exception>
    public static async Task TurnAsync(string? path, Terminal terminal, Func<JsonObject, JsonObject> turn, CancellationToken cancellation)
    {
        bool piped = path is null or "-";
        string name = piped ? "standard input" : path!;
        using var reader = new StreamReader(piped ? Console.OpenStandardInput() : File.OpenRead(path!), Encoding.UTF8);
        for (int number = 1; await reader.ReadLineAsync(cancellation) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            JsonObject result;
            try
            {
                result = turn(JsonNode.Parse(line) as JsonObject ?? throw new InvalidDataException("must be a JSON object."));
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{name}:{number}: not valid JSON at byte {e.BytePositionInLine}.", e);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException or Modeling.TemplateException)
            {
                throw new InvalidDataException($"{name}:{number}: {e.Message}", e);
            }

            await terminal.Out.WriteLineAsync(result.ToJsonString(OneLine));
        }
    }

    /// <summary>Turns every line into another, several at once; the results keep the order of the lines.</summary>
    /// <param name="turn">Gets the object of a line and its place (file and line).</param>
    /// <param name="ahead">Lines that may be worked on at once.</param>
    /// <exception cref="InvalidDataException">A line is not what is asked for; names file and line.</exception>
    public static async Task TurnAsync(
        string? path, Terminal terminal, Func<JsonObject, string, CancellationToken, Task<JsonObject>> turn, int ahead, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var results = Channel.CreateBounded<Task<JsonObject>>(ahead);
        Task reading = ReadAsync();
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
                bool piped = path is null or "-";
                string name = piped ? "standard input" : path!;
                using var reader = new StreamReader(piped ? Console.OpenStandardInput() : File.OpenRead(path!), Encoding.UTF8);
                for (int number = 1; await reader.ReadLineAsync(ended.Token) is { } line; number++)
                {
                    if (!string.IsNullOrWhiteSpace(line))
                    {
                        string place = $"{name}:{number}";
                        await results.Writer.WriteAsync(Placed(place, () => turn(Parsed(line), place, ended.Token)), ended.Token);
                    }
                }

                results.Writer.Complete();
            }
            catch (Exception e)
            {
                results.Writer.Complete(e is ChannelClosedException ? null : e);
            }
        }
    }

    private static JsonObject Parsed(string line) => JsonNode.Parse(line) as JsonObject ?? throw new InvalidDataException("must be a JSON object.");

    private static async Task<JsonObject> Placed(string place, Func<Task<JsonObject>> turn)
    {
        try
        {
            return await turn();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{place}: not valid JSON at byte {e.BytePositionInLine}.", e);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException && !e.Message.StartsWith(place, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{place}: {e.Message}", e);
        }
    }

    /// <summary>Refuses keys that nothing reads, so that a misspelt one does not pass for one left out.</summary>
    public static void Require(JsonObject line, params ReadOnlySpan<string> known)
    {
        foreach (var (key, _) in line)
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
}
