using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ICPO.Actors.Host.CommandLine;
using ICPO.DataFiles;
using ICPO.Jinja;

namespace ICPO.Actors.Host.Commands;

/// <summary>Processes JSON objects from a file in any data set format or from standard input, and writes JSON lines.</summary>
internal static class JsonLineProcessor
{
    /// <summary>Processes the objects one by one.</summary>
    /// <param name="path">The file; null or "-" is standard input.</param>
    /// <param name="terminal">Receives the results.</param>
    /// <param name="process">Returns the result for an object, or throws to reject it.</param>
    /// <param name="cancellation">Stops between two objects.</param>
    /// <exception cref="InvalidDataException">An object is invalid; the message names file and line.</exception>
    public static Task ProcessAsync(
        string? path,
        Terminal terminal,
        Func<JsonObject, JsonObject> process,
        CancellationToken cancellation
    ) => ProcessAsync(path, terminal, (line, _, _) => Task.FromResult(process(line)), 1, cancellation);

    /// <summary>Processes several objects concurrently; the results keep the order of the input.</summary>
    /// <param name="path">The file; null or "-" is standard input.</param>
    /// <param name="terminal">Receives the results.</param>
    /// <param name="process">Receives an object and its place (file and line).</param>
    /// <param name="concurrency">Maximum number of objects in flight.</param>
    /// <param name="cancellation">Stops between two objects.</param>
    /// <exception cref="InvalidDataException">An object is invalid; the message names file and line.</exception>
    public static async Task ProcessAsync(
        string? path,
        Terminal terminal,
        Func<JsonObject, string, CancellationToken, Task<JsonObject>> process,
        int concurrency,
        CancellationToken cancellation
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var results = Channel.CreateBounded<Task<JsonObject>>(concurrency);

        // Reads on its own thread, so that a blocked read of standard input does not prevent a stop.
        var reading = Task.Run(ReadAsync, CancellationToken.None);
        try
        {
            await foreach (Task<JsonObject> result in results.Reader.ReadAllAsync(cancellation))
            {
                await terminal.Out.WriteLineAsync(JsonOutput.ToLine(await result));
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
                foreach ((string place, JsonElement row) in Rows(path))
                {
                    JsonElement line = row.Clone();
                    await results.Writer.WriteAsync(WithPlace(place, () => process(ToObject(line), place, ended.Token)), ended.Token);
                }

                results.Writer.Complete();
            }
            catch (Exception e)
            {
                results.Writer.Complete(e is ChannelClosedException ? null : e);
            }
        }
    }

    private static IEnumerable<(string Place, JsonElement Row)> Rows(string? path) =>
        path is null or "-" ? DataFile.Rows("standard input", Console.OpenStandardInput()) : DataFile.Rows(path);

    private static JsonObject ToObject(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("must be a JSON object.");
        }

        string? duplicate = line.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        return duplicate is null ? JsonObject.Create(line)! : throw new InvalidDataException($"duplicate key '{duplicate}'.");
    }

    /// <summary>Adds file and line to the errors of a line.</summary>
    private static async Task<JsonObject> WithPlace(string place, Func<Task<JsonObject>> process)
    {
        try
        {
            return await process();
        }
        catch (Exception e)
            when (e is InvalidDataException or ArgumentException or InvalidOperationException or TemplateException
                && !e.Message.StartsWith(place, StringComparison.Ordinal)
            )
        {
            throw new InvalidDataException($"{place}: {e.Message}", e);
        }
    }
}
