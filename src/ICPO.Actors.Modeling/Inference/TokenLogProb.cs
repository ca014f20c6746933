namespace ICPO.Actors.Modeling.Inference;

/// <summary>A token that may be drawn.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProb">Its log-probability in nats, under the distribution that the drawn token is from.</param>
public readonly record struct TokenLogProb(int Token, float LogProb);
