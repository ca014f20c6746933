using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Tasks.Http;

/// <summary>
/// Whether a service can be used. One that has never answered is unavailable at its first failed request, later after several in a row.
/// </summary>
/// <param name="describe">The error if it cannot be used, from the reason: a sentence that names the fix.</param>
internal sealed class ServiceState(Func<string, string> describe)
{
    private const int MaxFailures = 12;

    private readonly Lock _gate = new();
    private VerifierUnavailableException? _unavailable;
    private bool _hasAnswered;
    private int _failures;

    /// <exception cref="VerifierUnavailableException">It is unavailable.</exception>
    public void ThrowIfUnavailable()
    {
        lock (_gate)
        {
            if (_unavailable is { } known)
            {
                throw known;
            }
        }
    }

    /// <summary>A request had a response.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            (_hasAnswered, _failures) = (true, 0);
        }
    }

    /// <summary>A request failed.</summary>
    /// <returns>The exception that ends its cases if the service is unavailable; null if the failure is theirs.</returns>
    public VerifierUnavailableException? Failed(HttpFailureException error)
    {
        if (error.Kind is not (FailureKind.Away or FailureKind.Denied))
        {
            return null;
        }

        lock (_gate)
        {
            return ++_failures < MaxFailures && _hasAnswered
                ? null
                : _unavailable ??= new VerifierUnavailableException(describe(error.Message), error);
        }
    }

    /// <summary>Forgets failures.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            (_unavailable, _failures) = (null, 0);
        }
    }
}
