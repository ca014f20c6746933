using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification;

/// <summary>
/// Looks, before a run starts, at every gold answer of a data set: one that cannot be read would make each of its rollouts a fault.
/// </summary>
internal static class GoldAudit
{
    private const int MostNamed = 10;

    /// <summary>A sentence with the count and the first places; null where all can be read, or the verifier cannot tell.</summary>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    public static string? Check(ITask task, IVerifier verifier)
    {
        if (verifier is not IGoldReader reader || task is not JsonlTask data)
        {
            return null;
        }

        // An epoch asks every training question once.
        IEnumerable<Question> questions =
        [
            .. Enumerable.Range(0, data.TrainingCount).Select(i => data.Train(0, i)),
            .. data.HeldOut(0, data.HeldOutCount),
        ];
        ImmutableArray<(string Id, string Problem)> bad =
        [
            .. from q in questions let problem = reader.ReadGold(q).Problem where problem is not null select (q.Id, problem),
        ];
        int all = data.TrainingCount + data.HeldOutCount;
        if (bad.IsEmpty)
        {
            return null;
        }

        string places = string.Join(", ", bad.Select(b => b.Id).Order(StringComparer.Ordinal).Take(MostNamed));
        string said =
            $"{bad.Length} of {all} gold answers cannot be read by verifier {verifier.Name} (at {places}{(bad.Length > MostNamed ? ", …" : "")}; the first: {bad[0].Problem})";
        return bad.Length < all
            ? $"{said}; their rollouts count as faults of the verifier and are never rewarded."
            : throw new InvalidDataException(
                $"{said}; choose the verifier that fits the data (verification.verifier), or mend the answers."
            );
    }
}
