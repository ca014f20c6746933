using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ICPO.Actors.RunFiles;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>Finds the runs in directories. Directories are searched again at most every few seconds. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="texts">Opens the tokenizer of a run.</param>
internal sealed class RunFinder(TimeProvider time, TokenTexts texts)
{
    private static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, RunSource> _sources = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private ImmutableArray<string> _roots = [];
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

    /// <summary>The runs, by directory.</summary>
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
                        .Select(path => _sources.GetOrAdd(Id(path), id => new RunSource(id, path, time, texts))),
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
