using System.Collections.Immutable;
using System.Globalization;

namespace VerifierSupport;

/// <summary>
/// What a verifier that fails does with a case: a function of question and response, so that the check afterwards needs no record. About
/// half of the cases get a fault, the others a reward that is never 0.
/// </summary>
/// <param name="Faults">The names of the faults.</param>
public sealed record FaultPlan(ImmutableArray<string> Faults)
{
    private static readonly double[] Rewards = [0.25, 0.75, 1];

    /// <summary>The modulus of the decision: as many honest outcomes as faults.</summary>
    public int Outcomes => 2 * Faults.Length;

    /// <summary>The number of the outcome of a case; below the number of faults it is one of them.</summary>
    /// <param name="questionId">Ends with a number after the last slash.</param>
    /// <param name="response">Digits, perhaps with white space around them.</param>
    public int OutcomeOf(string questionId, string response)
    {
        ArgumentNullException.ThrowIfNull(questionId);
        ArgumentNullException.ThrowIfNull(response);
        long question = long.Parse(questionId[(questionId.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);
        long answer = long.Parse("1" + response.Trim(), CultureInfo.InvariantCulture);
        return (int)(((question * 31) + answer) % Outcomes);
    }

    /// <summary>The reward of an outcome that is not a fault.</summary>
    public static double RewardOf(int outcome) => Rewards[outcome % Rewards.Length];
}
