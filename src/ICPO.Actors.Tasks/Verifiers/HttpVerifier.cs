using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Http;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>An external service judges (docs/rewards.md): cases are posted in batches, with retries and a deadline.</summary>
public sealed class HttpVerifier : IVerifier, IRestartableVerifier, IStartCheck, IAsyncDisposable
{
    public const string VerifierName = "http";

    private const int MaxAnswerBytes = 1 << 20;

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new HttpVerifier(context.Settings)) { IsExternal = (_, _) => true };

    private readonly VerifierSettings _settings;
    private readonly HttpEndpoint _endpoint;
    private readonly int _parallel;
    private readonly ServiceState _state;
    private readonly Lazy<(HttpClient Client, HttpJudge Judge)> _connection;

    /// <summary>Connects to nothing: the first case does.</summary>
    /// <exception cref="ArgumentException">The address or another setting is invalid.</exception>
    public HttpVerifier(VerifierSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        HttpSettings http = settings.Http;
        _endpoint = new HttpEndpoint("verification.http", http.Url, http.SecretVariable, http.Authority);
        Uri address = _endpoint.Address();
        if (settings.Rewards.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        _settings = settings;
        _parallel = settings.Limits.Parallel > 0 ? settings.Limits.Parallel : Environment.ProcessorCount;
        _state = new ServiceState(reason =>
            $"The service of verifier {VerifierName} ({address.GetLeftPart(UriPartial.Path)}) cannot judge: {reason}. "
            + "Check verification.http and the service."
        );
        _connection = new(() => Connect(address));
    }

    public string Name => VerifierName;

    public bool EnforcesDeadline => true;

    public int? Concurrency => _parallel * _settings.Http.Batch;

    public void RequireStartable()
    {
        using HttpClient client = _endpoint.CreateClient(MaxAnswerBytes);
    }

    /// <exception cref="VerifierUnavailableException">The service cannot be reached, or refuses every request.</exception>
    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        var one = new VerifierCase(question, ResponseText.RemoveStop(response, _settings.StopStrings), finish);
        return _connection.Value.Judge.JudgeAsync(one, cancellationToken);
    }

    public void Restart() => _state.Restart();

    public async ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated)
        {
            await _connection.Value.Judge.DisposeAsync().ConfigureAwait(false);
            _connection.Value.Client.Dispose();
        }
    }

    private (HttpClient, HttpJudge) Connect(Uri address)
    {
        HttpSettings http = _settings.Http;
        HttpClient client = _endpoint.CreateClient((long)MaxAnswerBytes * http.Batch);
        var post = new HttpPost(client, address, http.Attempts, http.RetryDelay);
        return (
            client,
            new HttpJudge(
                post,
                new()
                {
                    Parallel = _parallel,
                    Batch = http.Batch,
                    Timeout = _settings.Limits.Timeout,
                    Rewards = _settings.Rewards,
                    State = _state,
                }
            )
        );
    }
}
