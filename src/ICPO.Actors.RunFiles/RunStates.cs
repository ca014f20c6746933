using System.Diagnostics;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles;

/// <summary>The state of a run by its lock and summary. Nothing is opened that its process needs, so it may be asked often.</summary>
internal static class RunStates
{
    /// <summary>Tolerated error of the system's start times of processes.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromSeconds(2);

    /// <param name="directory">The run.</param>
    /// <param name="summary">The state in its summary; null without one.</param>
    /// <param name="time">The clock.</param>
    public static (RunState State, RunOwner? Owner) Read(RunDirectory directory, string? summary, TimeProvider time)
    {
        RunOwner? owner = RunLock.Owner(directory);
        return owner is not null && IsAlive(owner, time) ? (RunState.Running, owner) : (Ended(owner, summary), owner);
    }

    /// <summary>The state of an inactive run: dead if a lock was left, otherwise that of its summary.</summary>
    private static RunState Ended(RunOwner? owner, string? summary) =>
        (owner, summary) switch
        {
            (not null, _) => RunState.Dead,
            (_, "completed") => RunState.Completed,
            (_, "stopped") => RunState.Stopped,
            (_, "failed") => RunState.Failed,
            _ => RunState.Dead,
        };

    /// <summary>
    /// On this machine: whether a process with this id has run since the lock was taken (a later one reuses the id); elsewhere, also in
    /// another container with its own process ids: the age of the last heartbeat. The lock itself is not tried, because a run that starts
    /// at that moment would find it taken.
    /// </summary>
    private static bool IsAlive(RunOwner owner, TimeProvider time)
    {
        if (owner.Host != Environment.MachineName || !RunLock.IsThisMachine(owner))
        {
            return time.GetUtcNow() - owner.Seen < RunLock.Lease;
        }

        try
        {
            using var process = Process.GetProcessById(owner.Process);
            return process.StartTime.ToUniversalTime() <= owner.Since.UtcDateTime + ClockError;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // A process of another user: that it exists is all that can be known.
            return true;
        }
    }
}
