using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// A built-in verifier in supervised processes: a process can be killed, a managed thread cannot. A case that exceeds its time is
/// <see cref="Verdict.TimedOut"/>, one that exceeds its memory or crashes its worker is <see cref="Verdict.Crashed"/>; the worker is
/// replaced and the other cases continue. If a worker exits for an unknown reason (killed from outside), the case is retried once.
/// After three failed starts in a row every case fails with <see cref="VerifierUnavailableException"/>, until <see cref="Restart"/>.
/// </summary>
public sealed partial class VerifierPool : IVerifier, IGoldReader, IRestartableVerifier, IAsyncDisposable
{
    private const int MaxCasesPerFrame = 32;
    private const int MaxFailedStarts = 3;
    private const int MaxWorkerExits = 2;

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
    private int _working;
    private long _replaced;

    /// <exception cref="ArgumentException">The verifier is not known or a setting is out of range.</exception>
    public VerifierPool(VerifierPoolSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Memory, 64);
        RequireTimeout(settings.Timeout);
        RequireTimeout(settings.StartTimeout);
        _settings = settings;
        IVerifier verifier = VerifierRegistry.Create(settings.Verifier, settings.Settings, settings.Task);
        Name = verifier.Name;
        _golds = verifier as IGoldReader;
    }

    public string Name { get; }

    public bool EnforcesDeadline => true;

    public int? Concurrency => InFlight;

    /// <summary>Cases in flight that keep the workers busy.</summary>
    public int InFlight => _settings.Workers * MaxCasesPerFrame;

    /// <summary>The running worker processes.</summary>
    public ImmutableArray<int> ProcessIds => [.. _processes.Keys.Select(p => p.Id)];

    /// <summary>Workers that were replaced so far.</summary>
    public long Replaced => Volatile.Read(ref _replaced);

    /// <summary>Runs in this process: gold answers are trusted data, responses are not.</summary>
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
            if (_working < _settings.Workers && (_working == 0 || _cases.Count > Volatile.Read(ref _idle)))
            {
                StartLoop();
            }
        }
    }

    /// <summary>Tries again to start workers, after cases have failed with <see cref="VerifierUnavailableException"/>.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            (_failure, _failedStarts) = (null, 0);
        }
    }

    private static void RequireTimeout(TimeSpan timeout, [CallerArgumentExpression(nameof(timeout))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, VerifierPoolSettings.MaxTimeout, name);
    }

    /// <summary>Processes cases, starts a process if there is none, and requeues unanswered cases.</summary>
    private void Work(List<VerifierCase> batch)
    {
        WorkerProcess? process = null;
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
                Retire(process);
                process = null;
                Requeue(batch, end);
            }
        }

        if (process is not null)
        {
            Retire(process);
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
        int share = Math.Min(MaxCasesPerFrame, 1 + (_cases.Count / _settings.Workers));
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
            if (i == end.Answered && (end.Fault is not null || ++one.WorkerExits >= MaxWorkerExits))
            {
                one.Answer(end.Fault ?? Judgment.Crashed($"its worker process ended twice: {end.ExitReason}"));
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
