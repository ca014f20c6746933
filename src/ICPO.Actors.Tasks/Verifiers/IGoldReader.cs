using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>What a verifier makes of a gold answer.</summary>
/// <param name="Extracted">The answer that was found in it.</param>
/// <param name="Problem">Why no response can be compared with it, null where one can.</param>
public sealed record GoldAnswer(string? Extracted, string? Problem = null);

/// <summary>A verifier that can say before training whether a gold answer can be read.</summary>
public interface IGoldReader
{
    GoldAnswer ReadGold(Question question);
}
