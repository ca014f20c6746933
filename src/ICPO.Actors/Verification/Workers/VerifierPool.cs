using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// A built-in verifier in supervised processes (<see cref="WorkerProcess"/>). A case that exceeds its time is
/// <see cref="Verdict.TimedOut"/>, one that exceeds its memory or crashes its worker is <see cref="Verdict.Crashed"/>; the worker is
/// replaced and the other cases continue. If a worker exits for an unknown reason (killed from outside), the case is retried once.
/// After three failed starts in a row every case fails with <see cref="VerifierUnavailableException"/>, until <see cref="Restart"/>.
/// </summary>
public sealed class VerifierPool : IVerifier, IGoldReader, IRestartableVerifier, IAsyncDisposable
{
    private const int MaxCasesPerFrame = 32;

    private readonly VerifierPoolSettings _settings;
    private readonly IGoldReader? _golds;
    private readonly ProcessPool _pool;

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
        _pool = new ProcessPool(
            new()
            {
                Name = Name,
                Workers = settings.Workers,
                MaxBatch = MaxCasesPerFrame,
                Start = started => WorkerProcess.Start(settings, started),
                Unavailable = reason =>
                    $"The worker process of verifier {Name} ({settings.Executable.FileName} {VerifierWorker.Command}): {reason}. "
                    + "Fix the cause, or set verification.isolation = thread to verify without worker processes.",
            }
        );
    }

    public string Name { get; }

    public bool EnforcesDeadline => true;

    /// <summary>As many cases as keep the workers busy.</summary>
    public int? Concurrency => _settings.Workers * MaxCasesPerFrame;

    /// <summary>The running worker processes.</summary>
    public ImmutableArray<int> ProcessIds => _pool.ProcessIds;

    /// <summary>Workers that were replaced so far.</summary>
    public long Replaced => _pool.Replaced;

    /// <summary>Runs in this process: gold answers are trusted data, responses are not.</summary>
    public GoldAnswer ReadGold(Question question) => _golds?.ReadGold(question) ?? new(null);

    /// <exception cref="VerifierUnavailableException">Workers do not start.</exception>
    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken) =>
        _pool.JudgeAsync(question, response, finish, cancellationToken);

    /// <summary>Tries again to start workers, after cases have failed with <see cref="VerifierUnavailableException"/>.</summary>
    public void Restart() => _pool.Restart();

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static void RequireTimeout(TimeSpan timeout, [CallerArgumentExpression(nameof(timeout))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, VerifierPoolSettings.MaxTimeout, name);
    }
}
