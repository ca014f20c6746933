using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Rewards;

namespace ICPO.Actors.Tasks.Judging;

/// <summary>What a judge is asked, and how its answer is read. An answer without a reward is a fault, never a reward of 0.</summary>
internal sealed partial class Rubric
{
    private const int MaxShown = 160;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly JudgeSettings _settings;
    private readonly RewardScale _rewards;
    private readonly Regex _pattern;

    /// <exception cref="ArgumentException">A setting is invalid; the message names the key and the fix.</exception>
    public Rubric(JudgeSettings settings, RewardScale rewards)
    {
        if (!settings.Rubric.Contains("{response}", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                "verification.judge.rubric does not contain {response}, the placeholder of the response to judge; add it.",
                nameof(settings)
            );
        }

        (_settings, _rewards) = (settings, rewards);
        try
        {
            _pattern = new Regex(settings.Pattern, RegexOptions.CultureInvariant, MatchTimeout);
        }
        catch (RegexParseException e)
        {
            throw new ArgumentException(
                $"verification.judge.pattern is not a regular expression: {e.Error} at character {e.Offset + 1}.",
                nameof(settings),
                e
            );
        }

        if (_pattern.GetGroupNumbers().Length < 2)
        {
            throw new ArgumentException("verification.judge.pattern has no group; put the reward into (?<reward>…).", nameof(settings));
        }
    }

    /// <summary>The messages to the judge. Texts that contain placeholders themselves are not expanded.</summary>
    public ImmutableArray<ChatMessage> Messages(Question question, string response)
    {
        string text = Placeholder()
            .Replace(_settings.Rubric, match => match.Value switch
                {
                    "{question}" => question.Text,
                    "{gold}" => question.Answer,
                    _ => response,
                });
        var user = new ChatMessage("user", text);
        return _settings.System.Length > 0 ? [new ChatMessage("system", _settings.System), user] : [user];
    }

    /// <summary>The judgment of an answer.</summary>
    public Judgment Read(string? answer)
    {
        if (string.IsNullOrWhiteSpace(answer))
        {
            return Judgment.Crashed("the judge gave no complete answer");
        }

        try
        {
            return _pattern.Matches(answer) is { Count: > 0 } matches
                ? Read(matches[^1], answer)
                : Judgment.Crashed($"the judge's answer has no match of verification.judge.pattern: \"{Shown(answer)}\"");
        }
        catch (RegexMatchTimeoutException)
        {
            return Judgment.Crashed("verification.judge.pattern takes more than a second for the judge's answer");
        }
    }

    private Judgment Read(Match match, string answer)
    {
        Group group = match.Groups["reward"] is { Success: true } named ? named : match.Groups[1];
        return !double.TryParse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double reward)
            || !double.IsFinite(reward)
                ? Judgment.Crashed($"the judge's reward \"{Shown(group.Value)}\" is not a number")
            : !_rewards.Contains(reward)
                ? Judgment.Crashed(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the judge's reward {reward} is outside of {_rewards.Minimum} to {_rewards.Maximum} (verification.rewards)"
                    )
                )
            : new(_rewards.IsCorrect(reward) ? Verdict.Correct : Verdict.Wrong, _rewards.Normalize(reward), group.Value, Shown(answer));
    }

    private static string Shown(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= MaxShown ? line : "…" + line[^MaxShown..];
    }

    [GeneratedRegex(@"\{question\}|\{gold\}|\{response\}")]
    private static partial Regex Placeholder();
}
