using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>
/// Judges the task <c>symbol-rules</c>: only the whole worked answer is correct, ended by <c>;</c> with nothing after it. The last digits
/// alone could be right by a lucky rule.
/// </summary>
public sealed partial class SymbolRulesVerifier : IVerifier, IGoldReader
{
    public string Name => BuiltinVerifier.VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return WorkedAnswer().IsMatch(question.Answer)
            ? new(question.Answer)
            : new(null, $"the gold answer '{question.Answer}' is not a worked answer of the task symbol-rules");
    }

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        return ValueTask.FromResult(Judge(question.Answer, response));
    }

    private static Judgment Judge(string answer, string response)
    {
        if (string.Equals(response, answer, StringComparison.Ordinal))
        {
            return Judgment.Correct(response);
        }

        return WorkedAnswer().IsMatch(response)
            ? Judgment.Wrong(response, $"differs from the worked answer at character {FirstDifference(response, answer) + 1}")
            : Judgment.Unparseable("not of the form symbol, rule letter, four digits for each step, then ';'");
    }

    private static int FirstDifference(string left, string right) => left.AsSpan().CommonPrefixLength(right);

    [GeneratedRegex(@"\A(?:[A-L][a-p][0-9]{4})+;\z", RegexOptions.CultureInvariant)]
    private static partial Regex WorkedAnswer();
}
