namespace ICPO.Actors.Modeling.Objective;

/// <summary>Of one row of logits: its softmax statistics and the gradients of its two results.</summary>
/// <param name="LogSum">log Σ exp(x).</param>
/// <param name="Mean">Σ p·x.</param>
/// <param name="LogProbability">Gradient of the chosen token's log-probability.</param>
/// <param name="Entropy">Gradient of the entropy.</param>
internal readonly record struct RowGradient(float LogSum, float Mean, float LogProbability, float Entropy);
