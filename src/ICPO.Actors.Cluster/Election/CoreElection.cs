using System.Data.Common;
using System.Net.Sockets;

namespace ICPO.Actors.Cluster.Election;

/// <summary>
/// Takes part in the election of a run's core: renews the lease if this process holds it, and acquires it if no process does. It uses a
/// dedicated thread, because the thread pool may be busy for seconds while engines and learner compute on all cores.
/// </summary>
internal sealed class CoreElection : IDisposable
{
    /// <summary>Time between two reads of a lease that another process holds.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly CoreLeaseTable _table;
    private readonly ElectionParts _parts;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopped = new();
    private readonly TaskCompletionSource<LeaseRow?> _elected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _answering;
    private long _renewed;
    private long _longestGap;
    private volatile bool _holds;
    private LeaseRow? _last;
    private bool _sawItRun;

    /// <param name="table">The run's lease.</param>
    /// <param name="parts">The settings and callbacks of this process.</param>
    public CoreElection(CoreLeaseTable table, ElectionParts parts)
    {
        (_table, _parts) = (table, parts);
        _answering = parts.Time.GetTimestamp();
        _thread = new Thread(Work)
        {
            IsBackground = true,
            Name = "core lease",
            Priority = ThreadPriority.AboveNormal,
        };
    }

    /// <summary>
    /// Completes when this process holds the lease, with the core that it replaces, or null if there was none; an exception states why it
    /// gave up.
    /// </summary>
    public Task<LeaseRow?> Elected => _elected.Task;

    /// <summary>The lease as last read; null before that, and if there is none.</summary>
    public LeaseRow? Last => Volatile.Read(ref _last);

    /// <summary>
    /// The longest time between two renewals of the lease by this process, in which the database responded: how close it came to be
    /// replaced although it worked.
    /// </summary>
    public TimeSpan LongestGap => TimeSpan.FromTicks(Interlocked.Read(ref _longestGap));

    /// <summary>Starts the election.</summary>
    public void Start() => _thread.Start();

    /// <summary>Releases the lease if this process holds it, in a single attempt.</summary>
    /// <param name="state">The state of the run; null if another process should continue it.</param>
    public void End(LeaseState? state)
    {
        Dispose();
        if (!_holds)
        {
            return;
        }

        try
        {
            _table.End(_parts.Token, state ?? LeaseState.Running);
        }
        catch (Exception error) when (IsAway(error))
        {
            // Then it expires.
        }
    }

    /// <summary>Stops the election; a lease that is held expires.</summary>
    public void Dispose()
    {
        _stopped.Set();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
        {
            _thread.Join(TimeSpan.FromSeconds(10));
        }
    }

    private void Work()
    {
        TimeSpan pause = TimeSpan.Zero;
        while (!_stopped.Wait(pause))
        {
            try
            {
                pause = _holds ? Renew() : Stand();
            }
            catch (Exception error) when (IsAway(error))
            {
                _answering = _renewed = _parts.Time.GetTimestamp();
                pause = Look;
            }
            catch (Exception error)
            {
                if (!_elected.TrySetException(error))
                {
                    _parts.Replaced($"The lease of the run cannot be renewed: {error.Message}");
                }

                return;
            }
        }
    }

    private static bool IsAway(Exception error) => error is DbException or SocketException or TimeoutException or IOException;

    private TimeSpan Renew()
    {
        if (_table.Renew(_parts.Holder(), _parts.LeaseTime))
        {
            long gap = _parts.Time.GetElapsedTime(_renewed).Ticks;
            Interlocked.Exchange(ref _longestGap, Math.Max(_longestGap, gap));
            _renewed = _parts.Time.GetTimestamp();
            return _parts.LeaseTime / 4;
        }

        // If this fails, the renewal is tried again: the core of this process still has to end.
        LeaseRow? other = _table.Read();
        _holds = false;
        _parts.Replaced(
            other is null
                ? "The lease of the run is missing from the database; another process may continue the run, so this one ends."
                : $"Another process continues the run: {other.Holder.Node} has replaced this one, which had not renewed its lease "
                    + $"within {_parts.LeaseTime.TotalSeconds:0.#} s. Nothing that was acknowledged is lost."
        );
        _stopped.Set();
        return Look;
    }

    private TimeSpan Stand()
    {
        LeaseRow? row = _table.Read();
        Volatile.Write(ref _last, row);

        // A run that ends while this process is a standby is not started again.
        _sawItRun |= row is { State: LeaseState.Running };
        ElectionStep step = ElectionPolicy.Decide(
            row,
            _parts.Time.GetElapsedTime(_answering),
            _parts.LeaseTime,
            _parts.CanGoOn(row),
            _parts.ResumesEnded && !_sawItRun
        );
        if (step == ElectionStep.GiveUp)
        {
            _elected.TrySetException(new RunEndedElsewhereException(row!.State, row.Holder.Node));
            _stopped.Set();
        }
        else if (step == ElectionStep.Take && _table.TryTake(_parts.Holder(), _parts.LeaseTime))
        {
            _holds = true;
            _renewed = _parts.Time.GetTimestamp();
            _elected.TrySetResult(row);
        }

        return Look;
    }
}
