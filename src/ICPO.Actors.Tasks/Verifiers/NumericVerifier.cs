using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.MathAnswers;
using ICPO.MathAnswers.Numbers;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// Compares numbers as <see cref="NumberText.Find"/> finds them in the response and <see cref="NumberText.FindGold"/> in the gold answer. A
/// gold answer that names no single number is a fault of the data, not a reward of 0.
/// </summary>
public sealed class NumericVerifier : IVerifier, IGoldReader
{
    public const string VerifierName = "numeric";

    public static VerifierDescriptor Descriptor { get; } = new(VerifierName, context => new NumericVerifier(context.Settings));

    private readonly VerifierSettings _settings;
    private readonly Rational _tolerance;

    public NumericVerifier(VerifierSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!double.IsFinite(settings.Tolerance) || settings.Tolerance < 0)
        {
            throw new ArgumentException(
                $"The tolerance of the numeric verifier is {settings.Tolerance}; it must be a number of at least 0.",
                nameof(settings)
            );
        }

        _settings = settings;
        _tolerance = Rational.FromDouble(settings.Tolerance);
    }

    public string Name => VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return NumberText.FindGold(question.Answer) is { } found && Rational.Parse(found.Text) is not null
            ? new(found.Text)
            : new(null, $"the gold answer '{question.Answer}' names no single number");
    }

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        return ValueTask.FromResult(Judge(question, response, finish));
    }

    private Judgment Judge(Question question, string response, FinishReason finish)
    {
        if (NumberText.FindGold(question.Answer) is not { } goldText || Rational.Parse(goldText.Text) is not { } gold)
        {
            return Judgment.Crashed($"question {question.Id}: the gold answer '{question.Answer}' names no single number");
        }

        string text = ResponseText.Strip(response, _settings.StopStrings);
        if (NumberText.Find(text) is not { } found)
        {
            return Judgment.Unparseable("no number in the response");
        }

        if (!text.Contains("####", StringComparison.Ordinal) && MathText.LeavesAnswerOpen(text))
        {
            return Judgment.Unparseable("the answer phrase names no single number");
        }

        if (finish == FinishReason.Length && found.End == response.TrimStart().Length)
        {
            return Judgment.Unparseable($"the response was cut off in or right after the number {found.Text}");
        }

        if (Rational.Parse(found.Text) is not { } value)
        {
            return Judgment.Unparseable($"'{found.Text}' is not a number");
        }

        if ((value - gold).Abs() <= _tolerance)
        {
            return Judgment.Correct(found.Text);
        }

        return Judgment.Wrong(found.Text, $"expected {goldText.Text}");
    }
}
