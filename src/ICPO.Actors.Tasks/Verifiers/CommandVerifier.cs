using System.Collections.Immutable;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Commands;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// An external program judges: JSON lines in, JSON lines out (docs/rewards.md), in a pool of long-lived processes with limits on time and
/// memory.
/// </summary>
public sealed class CommandVerifier : IVerifier, IRestartableVerifier, IStartCheck, IAsyncDisposable
{
    public const string VerifierName = "command";

    /// <summary>Processes in a row that exit without an answer before the first answer, until the verifier is unavailable.</summary>
    private const int MaxExits = 3;

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new CommandVerifier(context.Settings)) { IsExternal = (_, _) => true };

    private readonly VerifierSettings _settings;
    private readonly ProcessPool _pool;
    private readonly int _workers;

    /// <summary>Starts nothing: processes start with the first cases.</summary>
    /// <exception cref="ArgumentException">There is no command, or a setting is out of range.</exception>
    public CommandVerifier(VerifierSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Command.Run.IsDefaultOrEmpty || settings.Command.Run[0].Length == 0)
        {
            throw new ArgumentException(
                "verification.command.run is empty; set it to the program and its arguments, such as [python3, reward.py].",
                nameof(settings)
            );
        }

        if (settings.Rewards.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        _settings = settings;
        _workers = settings.Limits.Parallel > 0 ? settings.Limits.Parallel : Environment.ProcessorCount;
        var parts = new CommandParts(settings.Command, settings.Rewards, settings.Limits.Timeout);
        _pool = new ProcessPool(
            new()
            {
                Name = VerifierName,
                Workers = _workers,
                MaxBatch = 1,
                MaxExits = MaxExits,
                Start = started => CommandProcess.Start(parts, started),
                Unavailable = reason =>
                    $"The command of verifier {VerifierName} ({CommandLine.Text(settings.Command)}) cannot judge: {reason}. "
                    + "Run the command in a shell with a line of docs/rewards.md as its input to find the cause.",
            }
        );
    }

    public string Name => VerifierName;

    public bool EnforcesDeadline => true;

    /// <summary>Twice as many cases as processes, so that no process waits for the next one.</summary>
    public int? Concurrency => 2 * _workers;

    /// <summary>The running processes.</summary>
    public ImmutableArray<int> ProcessIds => _pool.ProcessIds;

    /// <summary>Processes that were replaced so far.</summary>
    public long Replaced => _pool.Replaced;

    public void RequireStartable() => CommandLine.RequireStartable(_settings.Command);

    /// <exception cref="VerifierUnavailableException">The command does not start, or its processes exit without an answer.</exception>
    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        return _pool.JudgeAsync(question, ResponseText.RemoveStop(response, _settings.StopStrings), finish, cancellationToken);
    }

    public void Restart() => _pool.Restart();

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
