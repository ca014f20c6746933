using System.Collections.Concurrent;
using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Processes;

/// <summary>
/// Judges cases in supervised processes: a process can be killed, a managed thread cannot. A case that exceeds its time is
/// <see cref="Verdict.TimedOut"/>, one that crashes its process is <see cref="Verdict.Crashed"/>; the process is replaced and the other
/// cases continue. If a process exits for an unknown reason (killed from outside), the case is retried once. After three failed starts in
/// a row, and after too many exits without an answer, every case fails with <see cref="VerifierUnavailableException"/>, until
/// <see cref="Restart"/>.
/// </summary>
internal sealed partial class ProcessPool(ProcessPoolSettings settings) : IAsyncDisposable
{
    public const int MaxFailedStarts = 3;
    private const int MaxExitsOfCase = 2;

    private readonly BlockingCollection<VerifierCase> _cases = [];
    private readonly ConcurrentDictionary<IJudgeProcess, bool> _processes = new();
    private readonly ManualResetEventSlim _ending = new();
    private readonly List<Task> _loops = [];
    private readonly Lock _gate = new();
    private volatile VerifierUnavailableException? _failure;
    private volatile bool _disposed;
    private volatile bool _hasAnswered;
    private int _failedStarts;
    private int _exits;
    private int _idle;
    private int _working;
    private long _replaced;

    /// <summary>The running processes.</summary>
    public ImmutableArray<int> ProcessIds => [.. _processes.Keys.Select(p => p.Id)];

    /// <summary>Processes that were replaced so far.</summary>
    public long Replaced => Volatile.Read(ref _replaced);

    /// <exception cref="VerifierUnavailableException">Processes do not start, or do not answer.</exception>
    public async ValueTask<Judgment> JudgeAsync(
        Question question,
        string response,
        FinishReason finish,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        var one = new VerifierCase(question, response, finish);
        Enqueue(one);
        return await one.Verdict.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] loops;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _cases.CompleteAdding();
            _ending.Set();
            loops = [.. _loops];
        }

        foreach (IJudgeProcess process in _processes.Keys)
        {
            process.Kill();
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
        FailQueued(new ObjectDisposedException(settings.Name));
        _cases.Dispose();
        _ending.Dispose();
    }

    /// <summary>Tries again to start processes, after cases have failed with <see cref="VerifierUnavailableException"/>.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            (_failure, _failedStarts, _exits) = (null, 0, 0);
        }
    }

    private void Enqueue(VerifierCase one)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_failure is { } failure)
            {
                throw failure;
            }

            _cases.Add(one);
            if (_working < settings.Workers && (_working == 0 || _cases.Count > Volatile.Read(ref _idle)))
            {
                StartLoop();
            }
        }
    }

    /// <summary>Processes cases, starts a process if there is none, and requeues unanswered cases.</summary>
    private void Work(List<VerifierCase> batch)
    {
        IJudgeProcess? process = null;
        bool answers = false;
        try
        {
            while (Take(batch))
            {
                if (process is null)
                {
                    (process, answers) = (Start(), false);
                }

                BatchEnd end = process.Judge(batch);
                answers |= end.Answered > 0;
                if (answers)
                {
                    _hasAnswered = true;
                    Volatile.Write(ref _exits, 0);
                }

                if (!end.Alive)
                {
                    Retire(process);
                    process = null;
                    if (!answers && end.Fault is null)
                    {
                        CountExit(end);
                    }

                    Requeue(batch, end);
                }
            }
        }
        catch (VerifierUnavailableException e)
        {
            batch.ForEach(one => one.Fail(e));
            FailQueued(e);
        }
        finally
        {
            if (process is not null)
            {
                Retire(process);
            }
        }
    }

    private bool Take(List<VerifierCase> batch)
    {
        batch.Clear();
        Interlocked.Increment(ref _idle);
        bool any = _cases.TryTake(out VerifierCase? first, Timeout.Infinite);
        Interlocked.Decrement(ref _idle);
        if (!any || _disposed)
        {
            first?.Fail(new ObjectDisposedException(settings.Name));
            return false;
        }

        batch.Add(first!);
        int share = Math.Min(settings.MaxBatch, 1 + (_cases.Count / settings.Workers));
        while (batch.Count < share && _cases.TryTake(out VerifierCase? next))
        {
            batch.Add(next);
        }

        return true;
    }

    private void Requeue(List<VerifierCase> batch, BatchEnd end)
    {
        Interlocked.Increment(ref _replaced);
        for (int i = end.Answered; i < batch.Count; i++)
        {
            VerifierCase one = batch[i];
            bool isGivenUp = i == end.Answered && (end.Fault is not null || (++one.ProcessExits >= MaxExitsOfCase && CanBlame));
            if (isGivenUp && _failure is null)
            {
                one.Answer(end.Fault ?? Judgment.Crashed($"its process ended twice: {end.ExitReason}"));
                continue;
            }

            lock (_gate)
            {
                if (_disposed || _failure is not null)
                {
                    one.Fail(_failure ?? (Exception)new ObjectDisposedException(settings.Name));
                }
                else
                {
                    _cases.Add(one);
                }
            }
        }
    }

    /// <summary>False as long as nothing shows that processes work at all: then their exits are not the fault of a case.</summary>
    private bool CanBlame => _hasAnswered || settings.MaxExits is null;

    private void FailQueued(Exception error)
    {
        while (_cases.TryTake(out VerifierCase? one))
        {
            one.Fail(error);
        }
    }
}
