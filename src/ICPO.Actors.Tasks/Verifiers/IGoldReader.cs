using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>A gold answer as a verifier reads it.</summary>
/// <param name="Extracted">The extracted answer; null if there is none.</param>
/// <param name="Problem">Why it cannot be compared with a response; null if it can.</param>
public sealed record GoldAnswer(string? Extracted, string? Problem = null);

/// <summary>A verifier that can check before training whether it understands a gold answer.</summary>
public interface IGoldReader
{
    GoldAnswer ReadGold(Question question);
}
