using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.MathAnswers;
using ICPO.MathAnswers.Settings;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// Judges mathematics with <see cref="MathJudge"/>. A gold answer that cannot be parsed is a fault of the data
/// (<see cref="Verdict.Crashed"/>)
/// unless the response has the same text.
/// </summary>
/// <param name="settings">Where the answer is found and what counts as equal.</param>
/// <exception cref="ArgumentException">A setting is out of range.</exception>
public sealed class MathVerifier(MathSettings settings) : IVerifier, IGoldReader
{
    public const string VerifierName = "math";

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new MathVerifier(context.Settings.Math)) { NeedsSupervision = (_, _) => true };

    private readonly MathJudge _judge = new(settings);

    public string Name => VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        MathGold gold = _judge.ReadGold(question.Answer);
        return new(gold.Extracted, gold.Problem);
    }

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        MathVerdict verdict = _judge.Judge(question.Answer, response, finish == FinishReason.Length);
        return ValueTask.FromResult(
            verdict.Kind switch
            {
                MathVerdictKind.Correct => Judgment.Correct(verdict.Extracted),
                MathVerdictKind.Wrong => Judgment.Wrong(verdict.Extracted, verdict.Detail),
                MathVerdictKind.Unparseable => Judgment.Unparseable(verdict.Detail),
                _ => Judgment.Crashed($"question {question.Id}: {verdict.Detail}"),
            }
        );
    }
}
