using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Restoring;

/// <summary>
/// A folder with the records of a run whose directory is elsewhere: configuration, events, metrics and nodes, as the journal's server
/// stores them. Lines that are new there are appended, so that a run that advances is followed at the cost of its new lines. Other than
/// <see cref="RunRestore"/>, this gives no directory in which the run can be continued.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="runId">The run's <c>run.id</c>.</param>
/// <param name="folder">An empty folder, which exists.</param>
internal sealed class ServerRunCopy(ServerRuns server, string runId, string folder)
{
    /// <summary>Kinds whose lines are only added. A line that a recovery repeats has the values of the first, but for its times.</summary>
    private readonly Dictionary<string, long> _last = new()
    {
        [RunLineKinds.Event] = -1,
        [RunLineKinds.Update] = -1,
        [RunLineKinds.Evaluation] = -1,
    };

    private string? _configuration;
    private string? _nodes;

    public RunDirectory Directory { get; } = new(folder);

    public string RunId => runId;

    /// <summary>The server in messages.</summary>
    public string Server => server.Description;

    /// <summary>Brings the folder up to date. Called by one thread at a time.</summary>
    /// <exception cref="IOException">The server cannot be read, or does not have the run.</exception>
    public void Refresh()
    {
        ImmutableArray<RunLine> lines = server.Read(runId, _last);
        Append(Directory.Events, lines, RunLineKinds.Event);
        Append(Directory.Metrics, lines, RunLineKinds.Update, RunLineKinds.Evaluation);
        if (lines.FirstOrDefault(line => line.Kind == RunLineKinds.Nodes) is { } nodes && nodes.Json != _nodes)
        {
            File.WriteAllText(Directory.Nodes, nodes.Json);
            _nodes = nodes.Json;
        }

        string configuration = lines.FirstOrDefault(line => line.Kind == RunLineKinds.Configuration) is { } stored
            ? JsonSerializer.Deserialize(stored.Json, LineJson.Default.String) ?? ""
            : throw new IOException($"Run {runId} is not on {server.Description}; name one that icpo dashboard --journal URL lists.");
        if (configuration != _configuration)
        {
            File.WriteAllText(Directory.EffectiveConfiguration, configuration);
            _configuration = configuration;
        }
    }

    /// <summary>The core that owns the run, and the time since its last heartbeat.</summary>
    /// <exception cref="IOException">The server cannot be read.</exception>
    public (string Node, TimeSpan Age)? Owner() => server.OwnerOf(runId);

    private void Append(string path, ImmutableArray<RunLine> lines, params ReadOnlySpan<string> kinds)
    {
        List<string> added = [];
        foreach (RunLine line in lines)
        {
            if (kinds.Contains(line.Kind))
            {
                added.Add(line.Json.ReplaceLineEndings(" "));
                _last[line.Kind] = line.Number;
            }
        }

        File.AppendAllLines(path, added);
    }
}
