using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Http;
using ICPO.Actors.Tasks.Judging;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>A model behind an OpenAI-compatible server judges by a rubric (docs/rewards.md).</summary>
public sealed class JudgeVerifier : IVerifier, IRestartableVerifier, IStartCheck, IAsyncDisposable
{
    public const string VerifierName = "judge";

    private const string Section = "verification.judge";
    private const int MaxAnswerBytes = 4 << 20;

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new JudgeVerifier(context.Settings)) { IsExternal = (_, _) => true };

    private readonly VerifierSettings _settings;
    private readonly HttpEndpoint _endpoint;
    private readonly ServiceState _state;
    private readonly SemaphoreSlim _free;
    private readonly int _parallel;
    private readonly Lazy<(HttpClient Client, ModelJudge Judge)> _connection;

    /// <summary>Connects to nothing: the first case does.</summary>
    /// <exception cref="ArgumentException">The address or another setting is invalid.</exception>
    public JudgeVerifier(VerifierSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        JudgeSettings judge = settings.Judge;
        _endpoint = new HttpEndpoint(Section, judge.Url, judge.SecretVariable, judge.Authority);
        Uri address = _endpoint.Address();
        if (judge.Model.Length == 0)
        {
            throw new ArgumentException($"{Section}.model is empty; set it to the name of the model at the server.", nameof(settings));
        }

        _ = new Rubric(judge, settings.Rewards);
        if (settings.Rewards.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        _settings = settings;
        _parallel = settings.Limits.Parallel > 0 ? settings.Limits.Parallel : Environment.ProcessorCount;
        _free = new SemaphoreSlim(_parallel);
        _state = new ServiceState(reason =>
            $"The judge {judge.Model} ({address.GetLeftPart(UriPartial.Path)}) cannot judge: {reason}. Check {Section} and the server."
        );
        _connection = new(() => Connect(address));
    }

    public string Name => VerifierName;

    public bool EnforcesDeadline => true;

    public int? Concurrency => _parallel;

    public void RequireStartable()
    {
        using HttpClient client = _endpoint.CreateClient(MaxAnswerBytes);
    }

    /// <exception cref="VerifierUnavailableException">The server cannot be reached, or refuses every request.</exception>
    public async ValueTask<Judgment> VerifyAsync(
        Question question,
        string response,
        FinishReason finish,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(response);
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _state.ThrowIfUnavailable();
            string text = ResponseText.RemoveStop(response, _settings.StopStrings);
            Judgment judgment = await _connection.Value.Judge.VerifyAsync(question, text, finish, cancellationToken).ConfigureAwait(false);
            _state.Answered();
            return judgment;
        }
        catch (InvalidDataException e)
        {
            return Judgment.Crashed($"the service sent {e.Message}");
        }
        catch (HttpFailureException e)
        {
            return _state.Failed(e) is { } unavailable ? throw unavailable : e.ToJudgment();
        }
        finally
        {
            _free.Release();
        }
    }

    public void Restart() => _state.Restart();

    public ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated)
        {
            _connection.Value.Client.CancelPendingRequests();
            _connection.Value.Client.Dispose();
        }

        return default;
    }

    private (HttpClient, ModelJudge) Connect(Uri address)
    {
        JudgeSettings judge = _settings.Judge;
        HttpClient client = _endpoint.CreateClient(MaxAnswerBytes);
        var post = new HttpPost(client, address, judge.Attempts, judge.RetryDelay);
        return (client, new ModelJudge(new ChatCompletions(post, judge, _settings.Limits.Timeout), judge, _settings.Rewards));
    }
}
