using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification;

/// <summary>
/// Checks every gold answer of a data set before a run starts: an unreadable one would make each of its rollouts a verifier fault.
/// </summary>
internal static class GoldAudit
{
    private const int MaxNamed = 10;

    /// <summary>The count and the first ids; null where all can be read, or the verifier does not check gold answers.</summary>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    public static string? Check(ITask task, IVerifier verifier)
    {
        if (verifier is not IGoldReader reader || task is not { TrainingQuestions: { } training, HeldOutQuestions: { } heldOut })
        {
            return null;
        }

        // An epoch asks every training question once.
        IEnumerable<Question> questions = [.. Enumerable.Range(0, training).Select(i => task.Train(0, i)), .. task.HeldOut(0, heldOut)];
        ImmutableArray<(string Id, string Problem)> bad =
        [
            .. from q in questions let fault = reader.ReadGold(q).Problem where fault is not null select (q.Id, fault),
        ];
        int all = training + heldOut;
        if (bad.IsEmpty)
        {
            return null;
        }

        string places = string.Join(", ", bad.Select(b => b.Id).Order(StringComparer.Ordinal).Take(MaxNamed));
        string more = bad.Length > MaxNamed ? ", …" : "";
        string problem =
            $"{bad.Length} of {all} gold answers cannot be read by verifier {verifier.Name} "
            + $"(at {places}{more}; the first: {bad[0].Problem})";
        return bad.Length < all
            ? $"{problem}; their rollouts count as faults of the verifier and are never rewarded."
            : throw new InvalidDataException(
                $"{problem}; choose the verifier that fits the data (verification.verifier), or correct the answers."
            );
    }
}
