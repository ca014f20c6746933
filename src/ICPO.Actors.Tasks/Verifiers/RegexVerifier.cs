using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// With a configured pattern, the capture of its last match in the response must equal the gold answer. Without one, the gold answer is the
/// pattern and must match somewhere. Patterns have .NET syntax; a match that takes too long is TimedOut, which gives no reward.
/// </summary>
public sealed class RegexVerifier : IVerifier, IGoldReader
{
    public const string VerifierName = "regex";

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new RegexVerifier(context.Settings)) { NeedsSupervision = (_, _) => true };

    private readonly VerifierSettings _settings;
    private readonly Regex? _pattern;

    /// <exception cref="ArgumentException">The pattern is not a regular expression; the message names the position.</exception>
    public RegexVerifier(VerifierSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _pattern =
            settings.Regex.Pattern.Length > 0 ? Compile(settings.Regex.Pattern, settings.IgnoreCase, settings.Regex.MatchTimeout) : null;
    }

    public string Name => VerifierName;

    public GoldAnswer ReadGold(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        string gold = question.Answer.Trim();
        if (gold.Length == 0 || _pattern is not null)
        {
            return gold.Length > 0 ? new(gold) : new(null, "the gold answer is empty");
        }

        try
        {
            return Compile(gold, _settings.IgnoreCase, _settings.Regex.MatchTimeout) is { } pattern ? new(pattern.ToString()) : new(null);
        }
        catch (ArgumentException e)
        {
            return new(null, e.Message);
        }
    }

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        return ValueTask.FromResult(Judge(question, ResponseText.Strip(response, _settings.StopStrings), finish));
    }

    private Judgment Judge(Question question, string response, FinishReason finish)
    {
        GoldAnswer gold = ReadGold(question);
        if (gold.Problem is { } problem)
        {
            return Judgment.Crashed($"question {question.Id}: {problem}");
        }

        try
        {
            Regex pattern = _pattern ?? Compile(gold.Extracted!, _settings.IgnoreCase, _settings.Regex.MatchTimeout);
            if (pattern.Matches(response).LastOrDefault() is not { } match)
            {
                return _pattern is null
                    ? Judgment.Wrong(null, "the pattern does not match")
                    : Judgment.Unparseable("the pattern does not match");
            }

            if (_pattern is null)
            {
                return Judgment.Correct(match.Value);
            }

            Group group = match.Groups["answer"] is { Success: true } named ? named : match.Groups[match.Groups.Count > 1 ? 1 : 0];
            string answer = group.Value.Trim();
            if (finish == FinishReason.Length && group.Index + group.Length == response.Length)
            {
                return Judgment.Unparseable($"the response was cut off in or right after {answer}");
            }

            if (string.Equals(answer, gold.Extracted, _settings.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
            {
                return Judgment.Correct(answer);
            }

            return Judgment.Wrong(answer, $"expected {gold.Extracted}");
        }
        catch (RegexMatchTimeoutException)
        {
            return Judgment.TimedOut($"no match within {_settings.Regex.MatchTimeout.TotalSeconds} s");
        }
    }

    /// <exception cref="ArgumentException">The pattern is not a regular expression.</exception>
    internal static Regex Compile(string pattern, bool ignoreCase, TimeSpan timeout)
    {
        try
        {
            return new(pattern, RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None), timeout);
        }
        catch (RegexParseException e)
        {
            throw new ArgumentException(
                $"'{(pattern.Length <= 120 ? pattern : pattern[..117] + "...")}' is not a regular expression: {e.Error} at "
                    + $"character {e.Offset + 1}.",
                nameof(pattern),
                e
            );
        }
    }
}
