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
/// <param name="parts">The same model in this process, and what the samples continue.</param>
/// <param name="server">The server's address.</param>
/// <param name="maxMismatch">Maximum mean difference of log-probabilities, in nats per token.</param>
internal sealed class ServerSamples(RemoteEngineParts parts, Uri server, double maxMismatch)
{
    /// <summary>Tokens of a sample.</summary>
    public const int Tokens = 16;

    private readonly IReferencePolicy _reference = parts.Reference;
    private readonly ServerMeter _meter = new(parts.Run, server);

    /// <summary>Samples from the server, and compares.</summary>
    /// <param name="ask">Asks the server, with the weights to be checked.</param>
    /// <param name="snapshot">The weights that it should use; null for those that the reference holds.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="InvalidDataException">It uses other weights, or its log-probabilities are not those of its samples.</exception>
    public async Task CheckAsync(AskServer ask, PolicySnapshot? snapshot, CancellationToken cancellationToken)
    {
        var sampler = new SamplerSettings { Temperature = parts.Temperature, MaxTokens = Tokens };
        ServerSequence[] samples = await Task.WhenAll(
                parts.Prompts.Select((prompt, index) => ask(prompt, (ulong)index + 1, sampler, cancellationToken))
            )
            .ConfigureAwait(false);
        if (samples.Any(sample => sample.Tokens.IsEmpty || sample.Tokens.Length != sample.LogProbs.Length))
        {
            throw new InvalidDataException($"{server}: a sample has no tokens, or not one log-probability for each token.");
        }

        int id = samples.SelectMany(sample => sample.Tokens).Max();
        if (id >= _reference.VocabularySize || samples.Any(sample => sample.Tokens.Any(token => token < 0)))
        {
            throw new InvalidDataException(
                $"{server}: token {id} is outside of the vocabulary of {_reference.VocabularySize}; the server has another model."
            );
        }

        ImmutableArray<double> sampled = [.. samples.SelectMany(sample => sample.LogProbs).Select(value => (double)value)];
        ImmutableArray<double> before = [];
        if (snapshot is not null)
        {
            before = await ScoreAsync(samples).ConfigureAwait(false);
            await _reference.LoadAsync(snapshot).ConfigureAwait(false);
        }

        WeightCheckResult result = WeightCheck.Compare(sampled, await ScoreAsync(samples).ConfigureAwait(false), before, maxMismatch);
        _meter.Checked(result.Mismatch);
        if (result.HasFailed || !double.IsFinite(result.Mismatch))
        {
            throw new InvalidDataException(Describe(snapshot, result));
        }
    }

    private string Describe(PolicySnapshot? snapshot, WeightCheckResult result)
    {
        string weights = snapshot?.Version.ToString() ?? "the base weights";
        string problem = result.IsStale ? $"still uses the weights before {weights}" : $"does not sample with {weights}";
        string mismatch = result.Mismatch.ToString("0.####", CultureInfo.InvariantCulture);
        string allowed = maxMismatch.ToString(CultureInfo.InvariantCulture);
        return $"{server} {problem}: its log-probabilities differ from those of this process by {mismatch} nats per token "
            + $"(engine.openai.max-mismatch = {allowed}). Start it with the model of model.path, and with log-probabilities "
            + "after temperature.";
    }

    private async Task<ImmutableArray<double>> ScoreAsync(ServerSequence[] samples)
    {
        ImmutableArray<double>[] scores = await Task.WhenAll(
                samples.Select((sample, index) => _reference.ScoreAsync(parts.Prompts[index], sample.Tokens, parts.Temperature))
            )
            .ConfigureAwait(false);
        return [.. scores.SelectMany(score => score)];
    }
}
