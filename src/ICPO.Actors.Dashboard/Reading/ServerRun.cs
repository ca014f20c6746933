using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Restoring;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>A run of which only the journal on a server is at hand. Thread-safe; one thread reads at a time.</summary>
/// <param name="copy">Its records.</param>
/// <param name="connectionString">The server, with the password: that of the stored configuration has none.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerRun(ServerRunCopy copy, string connectionString, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private (string Node, TimeSpan Age)? _owner;
    private IOException? _failure;
    private long _readAt;

    public RunDirectory Directory => copy.Directory;

    /// <summary>Where the run is, for display.</summary>
    public string Location => $"{copy.RunId} on {copy.Server}";

    /// <summary>The core that owns the run; null before the first.</summary>
    public string? Owner => _owner?.Node;

    /// <summary>Reads what is new on the server, at most every few seconds.</summary>
    /// <exception cref="IOException">The server cannot be read.</exception>
    public void Refresh()
    {
        lock (_lock)
        {
            if (_readAt == 0 || time.GetElapsedTime(_readAt) >= Interval)
            {
                _failure = null;
                try
                {
                    copy.Refresh();
                    _owner = copy.Owner();
                }
                catch (IOException error)
                {
                    _failure = error;
                }

                _readAt = time.GetTimestamp();
            }

            if (_failure is { } failure)
            {
                throw new IOException(failure.Message, failure);
            }
        }
    }

    /// <summary>The stored settings, with the connection of this process.</summary>
    public RunSettings With(RunSettings settings) =>
        settings with
        {
            Journal = settings.Journal with { ConnectionString = connectionString },
        };

    /// <summary>
    /// Running while its core renews its ownership; otherwise completed after its last update, or else ended, no matter how: the summary
    /// is in the run's directory.
    /// </summary>
    public RunState State(long update, long updates)
    {
        if (_owner is { } owner && owner.Age < RunLock.Lease)
        {
            return RunState.Running;
        }

        return update >= updates ? RunState.Completed : RunState.Dead;
    }
}
