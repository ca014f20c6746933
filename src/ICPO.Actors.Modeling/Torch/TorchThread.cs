using System.Collections.Concurrent;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// A dedicated thread for torch: work runs on it in the order of the calls. Dispose waits for queued work, then ends the thread.
/// </summary>
public sealed class TorchThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private bool _disposed;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="name">The name of the thread, for debuggers and traces.</param>
    /// <param name="intraOpThreads">Threads that one torch operation may use.</param>
    public TorchThread(string name, int intraOpThreads = 1)
    {
        TorchRuntime.EnsureLoaded();
        new Thread(() => Run(intraOpThreads)) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Queues work; the task ends with its result or exception. Work that has begun is not interrupted.</summary>
    /// <exception cref="ObjectDisposedException">The thread has ended or is ending.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken = default)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _work.Add(
                () =>
                {
                    if (cancellationToken.IsCancellationRequested)
                    {
                        done.SetCanceled(cancellationToken);
                        return;
                    }

                    try
                    {
                        done.SetResult(work());
                    }
                    catch (Exception e)
                    {
                        done.SetException(e);
                    }
                },
                CancellationToken.None
            );
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(TorchThread));
        }

        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _work.CompleteAdding();
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private void Run(int intraOpThreads)
    {
        using (NativeCalls.Begin())
        {
            TorchRuntime.SetThreads(intraOpThreads);
        }

        foreach (Action work in _work.GetConsumingEnumerable())
        {
            using (NativeCalls.Begin())
            {
                work();
            }
        }

        _work.Dispose();
        _ended.SetResult();
    }
}
