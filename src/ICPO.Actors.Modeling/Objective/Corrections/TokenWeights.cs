using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Objective.Corrections;

/// <summary>Result of a correction; the default value leaves every token as it is.</summary>
/// <param name="Weight">Factor of each token's loss [N], 0 if masked; null is 1 everywhere.</param>
/// <param name="Kept">1 where the token is not masked [N]; null is 1 everywhere.</param>
public readonly record struct TokenWeights(Tensor? Weight, Tensor? Kept = null);
