namespace ICPO.Actors.Modeling.Inference;

/// <summary>The shape of one query's attention in one head.</summary>
/// <param name="Length">Number of keys, the query's own included.</param>
/// <param name="Size">Numbers per key.</param>
/// <param name="Scale">Factor of the scores.</param>
internal readonly record struct AttentionHead(int Length, int Size, float Scale);
