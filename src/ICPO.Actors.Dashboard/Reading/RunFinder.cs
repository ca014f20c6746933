using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>
/// Finds the runs in directories and on servers of journals. Directories are searched again at most every few seconds. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="texts">Opens the tokenizer of a run.</param>
internal sealed class RunFinder(TimeProvider time, TokenTexts texts) : IDisposable
{
    private static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(3);

    /// <summary>Runs that an error names.</summary>
    private const int MaxNamed = 20;

    private readonly ConcurrentDictionary<string, RunSource> _sources = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly List<string> _copies = [];
    private ImmutableArray<string> _roots = [];
    private ImmutableArray<RunSource> _onServers = [];
    private ImmutableArray<RunSource> _found = [];
    private long _searched;

    /// <summary>Adds directories that are runs or contain runs.</summary>
    public void Add(IEnumerable<string> directories)
    {
        lock (_lock)
        {
            _roots = [.. _roots, .. directories.Select(Path.GetFullPath)];
            _searched = 0;
        }
    }

    /// <summary>Adds runs of a server, whose records are copied to a temporary folder.</summary>
    /// <param name="connectionString">Of a PostgreSQL server, in ADO.NET form.</param>
    /// <param name="runs">Their ids; all of the server if empty.</param>
    /// <exception cref="IOException">The server cannot be read, or has no such run; names it.</exception>
    public void AddServer(string connectionString, IReadOnlyCollection<string> runs)
    {
        var server = new ServerRuns(connectionString);
        ImmutableArray<string> present = server.Ids();
        if (present.IsEmpty)
        {
            throw new IOException($"No run stores its records on {server.Description}; name the server and database of a run's journal.");
        }

        if (runs.FirstOrDefault(run => !present.Contains(run)) is { } missing)
        {
            throw new IOException($"No run {missing} is on {server.Description}; it has {string.Join(", ", present.Take(MaxNamed))}.");
        }

        RunSource[] added = [.. (runs.Count > 0 ? runs : present).Distinct(StringComparer.Ordinal).Select(run => Open(server, run))];
        lock (_lock)
        {
            _onServers = [.. _onServers, .. added];
            _searched = 0;
        }

        RunSource Open(ServerRuns from, string run)
        {
            string folder = Directory.CreateTempSubdirectory("icpo-dashboard-").FullName;
            lock (_lock)
            {
                _copies.Add(folder);
            }

            var source = new ServerRun(new ServerRunCopy(from, run, folder), connectionString, time);
            return _sources.GetOrAdd(Id(source.Location), id => new RunSource(id, source.Directory, time, texts, source));
        }
    }

    /// <summary>Deletes the copies.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _onServers = [];
            foreach (string folder in _copies)
            {
                Directory.Delete(folder, recursive: true);
            }

            _copies.Clear();
        }
    }

    /// <summary>The runs: those of directories by path, then those of servers.</summary>
    public ImmutableArray<RunSource> Runs()
    {
        lock (_lock)
        {
            if (_searched == 0 || time.GetElapsedTime(_searched) >= SearchInterval)
            {
                _found =
                [
                    .. _roots
                        .Where(Directory.Exists)
                        .SelectMany(RunCatalog.Find)
                        .Select(Path.GetFullPath)
                        .Distinct(StringComparer.Ordinal)
                        .Select(path => _sources.GetOrAdd(Id(path), id => new RunSource(id, new RunDirectory(path), time, texts))),
                    .. _onServers,
                ];
                _searched = time.GetTimestamp();
            }

            return _found;
        }
    }

    /// <summary>A run by its id; null if there is none.</summary>
    public RunSource? Find(string id)
    {
        _ = Runs();
        return _sources.GetValueOrDefault(id);
    }

    /// <summary>Ids, not paths, are in addresses, so that a request cannot name a directory.</summary>
    private static string Id(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
