using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Engines.Remote;

/// <summary>Asks a server for one sequence.</summary>
internal delegate Task<ServerSequence> AskServer(
    ImmutableArray<int> prompt,
    ulong seed,
    SamplerSettings sampler,
    CancellationToken cancellationToken
);

/// <summary>Checks a server by a few short samples, which are scored with the weights that it should use. Not thread-safe.</summary>
/// <param name="reference">The same model in this process.</param>
/// <param name="prompts">What the samples continue.</param>
/// <param name="temperature">The temperature of rollouts.</param>
/// <param name="maxMismatch">Maximum mean difference of log-probabilities, in nats per token.</param>
internal sealed class ServerSamples(
    IReferencePolicy reference,
    ImmutableArray<ImmutableArray<int>> prompts,
    double temperature,
    double maxMismatch
)
{
    /// <summary>Tokens of a sample.</summary>
    public const int Tokens = 16;

    /// <summary>The mean difference of the last check, in nats per token.</summary>
    public double Mismatch { get; private set; }

    /// <summary>Samples from the server, and compares.</summary>
    /// <param name="ask">Asks the server, with the weights to be checked.</param>
    /// <param name="snapshot">The weights that it should use; null for those that the reference holds.</param>
    /// <param name="server">Its address, for messages.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="InvalidDataException">It uses other weights, or its log-probabilities are not those of its samples.</exception>
    public async Task CheckAsync(AskServer ask, PolicySnapshot? snapshot, Uri server, CancellationToken cancellationToken)
    {
        var sampler = new SamplerSettings { Temperature = temperature, MaxTokens = Tokens };
        ServerSequence[] samples = await Task.WhenAll(
                prompts.Select((prompt, index) => ask(prompt, (ulong)index + 1, sampler, cancellationToken))
            )
            .ConfigureAwait(false);
        if (samples.Any(sample => sample.Tokens.IsEmpty || sample.Tokens.Length != sample.LogProbs.Length))
        {
            throw new InvalidDataException($"{server}: a sample has no tokens, or not one log-probability for each token.");
        }

        if (samples.SelectMany(sample => sample.Tokens).FirstOrDefault(token => (uint)token >= (uint)reference.VocabularySize, -1) is >= 0 and var id)
        {
            throw new InvalidDataException(
                $"{server}: token {id} is outside of the vocabulary of {reference.VocabularySize}; the server has another model."
            );
        }

        ImmutableArray<double> sampled = [.. samples.SelectMany(sample => sample.LogProbs).Select(value => (double)value)];
        ImmutableArray<double> before = [];
        if (snapshot is not null)
        {
            before = Score(samples);
            reference.Load(snapshot);
        }

        WeightCheckResult result = WeightCheck.Compare(sampled, Score(samples), before, maxMismatch);
        Mismatch = result.Mismatch;
        if (result.HasFailed || !double.IsFinite(result.Mismatch))
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{server} {(result.IsStale ? "still uses the weights before" : "does not sample with")} {snapshot?.Version.ToString() ?? "the base weights"}: its log-probabilities differ from those of this process by {result.Mismatch:0.####} nats per token (engine.openai.max-mismatch = {maxMismatch}). Start it with the model of model.path, and with log-probabilities after temperature."
                )
            );
        }
    }

    private ImmutableArray<double> Score(ServerSequence[] samples) =>
        [.. samples.SelectMany((sample, index) => reference.Score(prompts[index], sample.Tokens, temperature))];
}
