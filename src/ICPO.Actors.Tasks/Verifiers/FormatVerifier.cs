using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.MathAnswers;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Judges the form of a response and not its answer; intended as a small part of a composite.</summary>
public sealed class FormatVerifier : IVerifier, IGoldReader
{
    public const string VerifierName = "format";

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new FormatVerifier(context.Settings.Format))
        {
            NeedsSupervision = (settings, _) => settings.Format.Form == ResponseForm.Pattern,
        };

    private readonly FormatSettings _settings;
    private readonly Regex? _pattern;

    /// <exception cref="ArgumentException">The pattern is missing or not a regular expression.</exception>
    public FormatVerifier(FormatSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Form == ResponseForm.Pattern && settings.Pattern.Length == 0)
        {
            throw new ArgumentException(
                "verification.format.form is pattern, but verification.format.pattern is empty; set a regular expression or another form.",
                nameof(settings)
            );
        }

        _settings = settings;
        _pattern =
            settings.Form == ResponseForm.Pattern
                ? RegexVerifier.Compile(settings.Pattern, ignoreCase: false, Regex.InfiniteMatchTimeout)
                : null;
    }

    public string Name => VerifierName;

    /// <summary>The form does not depend on the gold answer.</summary>
    public GoldAnswer ReadGold(Question question) => new(null);

    public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(response);
        string? problem = _settings.Form switch
        {
            ResponseForm.Boxed => Box(MathText.SkipThoughts(response)),
            ResponseForm.Think => Thought(response).Problem,
            ResponseForm.ThinkBoxed => Thought(response) is var (answer, missing) && missing is not null ? missing : Box(answer),
            _ => _pattern!.IsMatch(response) ? null : "the pattern does not match",
        };
        return ValueTask.FromResult(problem is null ? Judgment.Correct() : Judgment.Wrong(null, problem));
    }

    private static string? Box(string text) =>
        MathText.LastBox(text) is { } box && box.Trim().Length > 0 ? null : "no closed \\boxed{…} with an answer";

    private static (string Answer, string? Problem) Thought(string response)
    {
        const string Open = "<think>",
            Close = "</think>";
        int close = response.IndexOf(Close, StringComparison.Ordinal);
        if (close < 0 || response.IndexOf(Close, close + 1, StringComparison.Ordinal) >= 0)
        {
            return ("", "not exactly one </think>");
        }

        int open = response.IndexOf(Open, StringComparison.Ordinal);
        if (
            open > close
            || (
                open >= 0 && (response.IndexOf(Open, open + 1, StringComparison.Ordinal) >= 0 || response.AsSpan(0, open).Trim().Length > 0)
            )
        )
        {
            return ("", "the response does not start with <think>");
        }

        string answer = response[(close + Close.Length)..];
        return (answer, string.IsNullOrWhiteSpace(answer) ? "no text after </think>" : null);
    }
}
