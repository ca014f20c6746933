using System.Collections.Concurrent;
using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// A built-in verifier in supervised processes: a managed thread cannot be ended, a process can. A case that exceeds its time is
/// <see cref="Verdict.TimedOut"/> and one that exceeds its memory or ends its worker <see cref="Verdict.Crashed"/>; the worker is replaced
/// and the
/// other cases go on. A worker that ended for no known reason (killed from outside) costs a case a second try first.
/// Workers that do not start, three times in a row, end it: every case fails with <see cref="VerifierUnavailableException"/>.
/// </summary>
public sealed class VerifierPool : IVerifier, IGoldReader, IAsyncDisposable
{
    private const int MostCasesInFrame = 32;
    private const int MostFailedStarts = 3;
    private const int MostDeaths = 2;

    private readonly VerifierPoolSettings _settings;
    private readonly IGoldReader? _golds;
    private readonly BlockingCollection<VerifierCase> _cases = [];
    private readonly ConcurrentDictionary<WorkerProcess, bool> _processes = new();
    private readonly List<Task> _loops = [];
    private readonly Lock _gate = new();
    private volatile VerifierUnavailableException? _failure;
    private volatile bool _disposed;
    private int _failedStarts;
    private int _idle;
    private long _replaced;

    /// <exception cref="ArgumentException">The verifier is not known or a setting is out of range.</exception>
    public VerifierPool(VerifierPoolSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Memory, 64);
        _settings = settings;
        IVerifier verifier = VerifierRegistry.Create(settings.Verifier, settings.Settings, settings.Task);
        Name = verifier.Name;
        _golds = verifier as IGoldReader;
    }

    public string Name { get; }

    /// <summary>Cases that keep the workers busy.</summary>
    public int InFlight => _settings.Workers * MostCasesInFrame;

    /// <summary>The processes there are now.</summary>
    public ImmutableArray<int> ProcessIds => [.. _processes.Keys.Select(p => p.Id)];

    /// <summary>Workers that were replaced so far.</summary>
    public long Replaced => Volatile.Read(ref _replaced);

    /// <summary>In this process: a gold answer is the data's, not the model's.</summary>
    public GoldAnswer ReadGold(Question question) => _golds?.ReadGold(question) ?? new(null);

    /// <exception cref="VerifierUnavailableException">Workers do not start.</exception>
    public async ValueTask<Judgment> VerifyAsync(
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
            loops = [.. _loops];
        }

        foreach (WorkerProcess process in _processes.Keys)
        {
            process.Kill();
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
        FailQueued(new ObjectDisposedException(nameof(VerifierPool)));
        _cases.Dispose();
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
            if (_loops.Count < _settings.Workers && (_loops.Count == 0 || _cases.Count > Volatile.Read(ref _idle)))
            {
                _loops.Add(Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            }
        }
    }

    /// <summary>One worker's thread: takes cases, sees to it that there is a process, and to what becomes of its cases.</summary>
    private void Work()
    {
        WorkerProcess? process = null;
        List<VerifierCase> batch = [];
        while (Take(batch))
        {
            try
            {
                process ??= Start();
            }
            catch (VerifierUnavailableException e)
            {
                batch.ForEach(c => c.Fail(e));
                FailQueued(e);
                break;
            }

            BatchEnd end = process.Judge(batch);
            if (!end.Alive)
            {
                Bury(process);
                process = null;
                Settle(batch, end);
            }
        }

        if (process is not null)
        {
            Bury(process);
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
            first?.Fail(new ObjectDisposedException(nameof(VerifierPool)));
            return false;
        }

        batch.Add(first!);
        int share = Math.Min(MostCasesInFrame, 1 + (_cases.Count / _settings.Workers));
        while (batch.Count < share && _cases.TryTake(out VerifierCase? next))
        {
            batch.Add(next);
        }

        return true;
    }

    /// <exception cref="VerifierUnavailableException">Three starts in a row failed, of whichever worker, or the settings were
    /// refused.</exception>
    private WorkerProcess Start()
    {
        for (; ; )
        {
            if (_failure is { } known)
            {
                throw known;
            }

            WorkerProcess? begun = null;
            try
            {
                var process = WorkerProcess.Start(_settings, p =>
                {
                    _processes[begun = p] = true;
                    if (_disposed)
                    {
                        p.Kill();
                    }
                });
                Volatile.Write(ref _failedStarts, 0);
                return process;
            }
            catch (Exception e) when (e is IOException or ArgumentException)
            {
                _ = begun is not null && _processes.TryRemove(begun, out _);
                if (e is IOException && !_disposed && Interlocked.Increment(ref _failedStarts) < MostFailedStarts)
                {
                    continue;
                }

                throw Fail(
                    $"The worker process of verifier {Name} ({_settings.Executable.FileName} {VerifierWorker.Command}) does not start, tried {MostFailedStarts} times: {e.Message}. "
                        + "Mend that, or set verification.isolation = thread to judge without worker processes.",
                    e
                );
            }
        }
    }

    private VerifierUnavailableException Fail(string message, Exception cause)
    {
        lock (_gate)
        {
            return _failure ??= new(message, cause);
        }
    }

    private void Bury(WorkerProcess process)
    {
        _processes.TryRemove(process, out _);
        process.Dispose();
    }

    private void Settle(List<VerifierCase> batch, BatchEnd end)
    {
        Interlocked.Increment(ref _replaced);
        for (int i = end.Answered; i < batch.Count; i++)
        {
            VerifierCase one = batch[i];
            if (i == end.Answered && (end.Fault is not null || ++one.Deaths >= MostDeaths))
            {
                one.Answer(end.Fault ?? Judgment.Crashed($"its worker process ended twice: {end.Death}"));
                continue;
            }

            lock (_gate)
            {
                if (_disposed || _failure is not null)
                {
                    one.Fail(_failure ?? (Exception)new ObjectDisposedException(nameof(VerifierPool)));
                }
                else
                {
                    _cases.Add(one);
                }
            }
        }
    }

    private void FailQueued(Exception error)
    {
        while (_cases.TryTake(out VerifierCase? one))
        {
            one.Fail(error);
        }
    }
}
