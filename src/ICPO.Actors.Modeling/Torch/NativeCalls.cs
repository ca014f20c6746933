namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// Counts the threads that are inside libtorch. When the process exits, the C++ runtime destroys libtorch's static objects while other
/// threads continue; a call that is in flight then crashes the process. Therefore the exit waits here until no call is in flight, and no
/// new one starts.
/// </summary>
public static class NativeCalls
{
    /// <summary>
    /// How long the exit waits for calls in flight. After that the process ends without running destructors, with the same exit code; what
    /// the app has registered to run at the exit still runs.
    /// </summary>
    private static readonly TimeSpan ExitDeadline = TimeSpan.FromSeconds(5);

    private static readonly object Gate = new();
    private static readonly ManualResetEventSlim Never = new(false);
    private static int _inFlight;
    private static bool _exiting;

    [ThreadStatic]
    private static int _depth;

    static NativeCalls() => AppDomain.CurrentDomain.ProcessExit += (_, _) => WaitAtExit();

    /// <summary>Call it before the first call into libtorch on a thread, and dispose the result after the last one.</summary>
    /// <remarks>Does not return while the process exits. May be nested.</remarks>
    public static Scope Begin()
    {
        if (_depth == 0)
        {
            Enter();
        }

        _depth++;
        return default;
    }

    /// <summary>Lets the process exit here, between two calls of a long computation. Does nothing outside a scope.</summary>
    public static void AllowExit()
    {
        if (_depth > 0 && Volatile.Read(ref _exiting))
        {
            Leave();
            Never.Wait();
        }
    }

    private static void Enter()
    {
        lock (Gate)
        {
            if (!_exiting)
            {
                _inFlight++;
                return;
            }
        }

        Never.Wait();
    }

    private static void Leave()
    {
        lock (Gate)
        {
            if (--_inFlight == 0)
            {
                Monitor.PulseAll(Gate);
            }
        }
    }

    private static void WaitAtExit()
    {
        long begun = Environment.TickCount64;
        lock (Gate)
        {
            _exiting = true;

            // A call of this thread cannot end, since it led to this exit.
            int own = _depth > 0 ? 1 : 0;
            while (_inFlight > own)
            {
                TimeSpan rest = ExitDeadline - TimeSpan.FromMilliseconds(Environment.TickCount64 - begun);
                if (rest <= TimeSpan.Zero || !Monitor.Wait(Gate, rest))
                {
                    ImmediateExit.Run(Environment.ExitCode);
                    return;
                }
            }
        }
    }

    /// <summary>Ends what <see cref="Begin"/> began, on the same thread.</summary>
    public readonly struct Scope : IDisposable
    {
        public void Dispose()
        {
            if (--_depth == 0)
            {
                Leave();
            }
        }
    }
}
