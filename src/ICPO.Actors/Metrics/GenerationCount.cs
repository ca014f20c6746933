using Akka.Actor;
using ICPO.Actors.Contracts;

namespace ICPO.Actors;

/// <summary>What the workers made since this start, counted where it is made: the other side of the journal's ledger.</summary>
public sealed class GenerationCount : INoSerializationVerificationNeeded
{
    private readonly Dictionary<Origin, long> _generated = [];
    private readonly Dictionary<Origin, long> _repeated = [];

    /// <summary>Tokens that the policy sampled (traces are not).</summary>
    public long SampledTokens { get; private set; }

    public void Generated(RolloutGenerated rollout)
    {
        _generated[rollout.Origin] = TokensOf(_generated, rollout.Origin) + rollout.Tokens;
        SampledTokens += rollout.Sampled ? rollout.Tokens : 0;
    }

    public void Repeated(RolloutRepeated rollout) =>
        _repeated[rollout.Origin] = TokensOf(_repeated, rollout.Origin) + rollout.Tokens;

    public long GeneratedTokens(Origin origin) => TokensOf(_generated, origin);

    public long RepeatedTokens(Origin origin) => TokensOf(_repeated, origin);

    private static long TokensOf(Dictionary<Origin, long> counts, Origin origin) => counts.GetValueOrDefault(origin);
}
