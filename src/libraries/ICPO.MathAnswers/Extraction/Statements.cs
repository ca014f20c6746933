using System.Buffers;
using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>Where a text states its answer: the subject's position, and what follows the verb or colon.</summary>
/// <param name="Subject">The index of the subject ("answer", 答案).</param>
/// <param name="Start">The index after the verb; words of the verb group that negate count as part of what follows.</param>
/// <param name="IsNamed">
/// True after a plain "answer is" or "answer:"; other verbs only count if they deny the value or leave it undecided.
/// </param>
internal readonly record struct Statement(int Subject, int Start, bool IsNamed);

/// <summary>Finds statements of the answer, the last one first. Every pattern is anchored at its subject, so the time is linear.</summary>
internal static partial class Statements
{
    private const int MaxStatements = 8;
    private static readonly SearchValues<string> English = SearchValues.Create(
            ["answer", "option", "choice"],
            StringComparison.OrdinalIgnoreCase
        ),
        Chinese = SearchValues.Create(["答案", "故选"], StringComparison.Ordinal);

    public static IEnumerable<Statement> Find(string text)
    {
        List<int>? english = Subjects(text, English),
            chinese = Subjects(text, Chinese);
        if (english is null || chinese is null)
        {
            return (english ?? chinese) is { } either ? Find(text, either) : [];
        }

        return Find(text, [.. english.Concat(chinese).Order()]);
    }

    public static bool AreIn(string text) => Find(text).Any(s => s.IsNamed);

    private static IEnumerable<Statement> Find(string text, List<int> subjects)
    {
        int found = 0;
        for (int i = subjects.Count - 1; i >= 0 && found < MaxStatements; i--)
        {
            if (At(text, subjects[i]) is { } statement)
            {
                found++;
                yield return statement;
            }
        }
    }

    private static List<int>? Subjects(string text, SearchValues<string> names)
    {
        List<int>? subjects = null;
        for (int at = 0; text.AsSpan(at).IndexOfAny(names) is >= 0 and var skip; at++)
        {
            at += skip;
            (subjects ??= []).Add(at);
        }

        return subjects;
    }

    private static Statement? At(string text, int at)
    {
        if (at > 0 && text[at - 1] == '<')
        {
            return text.AsSpan(at).StartsWith("answer>", StringComparison.OrdinalIgnoreCase) ? new(at - 1, at + 7, true) : null;
        }

        if (Named().Match(text, at) is { Success: true } named)
        {
            return new(at, named.Index + named.Length, true);
        }

        if (Other().Match(text, at) is not { Success: true } other)
        {
            return null;
        }

        int verb = other.Groups["verb"].Index;
        if (!other.Groups["of"].Success && Copula().IsMatch(text, verb))
        {
            return null; // "The answer is correct" states nothing.
        }

        return Gives().Match(text, verb) is { Success: true } gives ? new(at, verb + gives.Length, true) : new(at, verb, false);
    }

    /// <summary>The start of a value or option after a separator.</summary>
    private const string Value =
        @"[*_ \t]{0,5}(?:\\?[$(\[{]{0,2}[-+\u2212]?(?:[0-9√π∞]|\.[0-9]|\\[A-Za-z])|(?-i:[A-Jb-hj-z])(?![A-Za-z'’]))";

    /// <summary>
    /// A dash between "answer" and a value: a separator if a space follows it, or if it is a long one; "Answer -4" has a sign. So is an
    /// arrow.
    /// </summary>
    private const string Separator =
        @"(?:[-=]{1,2}>|[→⇒⟶⟹➔➜]|[-\u2013\u2014\u2212]{1,2}(?=[ \t]+" + Value + @")|[\u2013\u2014](?=" + Value + "))";

    /// <summary>":- 4", and a list item in the next line: the dash is not a sign either.</summary>
    private const string Dash =
        @"(?:(?<=[:：]\*{0,2})[-\u2013\u2014](?=[ \t]+" + Value + @")|[ \t]{0,9}\n\s{0,9}[-•](?=[ \t]+" + Value + "))?";

    [GeneratedRegex(
        @"\G(?:(?<![\w\\])answers?(?:\s+(?:is|are)(?!\w|n['’])(?!\s+(?:correct|incorrect|right|wrong|clear|unclear|valid|"
            + @"reasonable|verified|confirmed|consistent|above|boxed)\b)|\s*=(?!>)|[\s*]*:|""\s*:|[\s*_]{0,9}"
            + Separator
            + @")(?:\s*:)?(?:\*\*)?"
            + Dash
            + @"|(?<=\b(?:correct|right|best)\s{1,9})(?:option|choice)\s+is(?=\W{0,6}(?-i:[A-J])\b)|答案\s*(?:是|为|[:：]|[=＝](?!>)|——|"
            + Separator
            + @")|故选[:：]?)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Named();

    [GeneratedRegex(@"\G(?:is|are)\b(?!['’])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Copula();

    /// <summary>A verb group that gives what follows it.</summary>
    [GeneratedRegex(
        @"\G(?:(?:(?:must|should|will|would|shall|has\s+to)\s+(?:[a-z]+ly\s+)?be|equals|becomes|"
            + @"(?:comes|turns|works)\s+out\s+(?:to\s+be|to|as)|is)\b(?!['’])|应当?该?[是为]|就是|即[是为]|等于|[是为])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Gives();

    /// <summary>Other verbs: "the answer cannot be", "the answer to the question lies", 答案不超过.</summary>
    [GeneratedRegex(
        @"\G(?:(?<=\b(?:the|my|our|this|its|final|correct|right|true|required|exact|so|thus)\s{1,9})answer"
            + @"(?<of>\s+(?:to|for|of)\s[^.,;:!?\n]{1,60}?(?=\s+(?:is|was|are|can|must|should|will|would|may|might|cannot|does|lies|"
            + @"equals)\b))?\s+"
            + @"(?<verb>(?!(?:choices?|options?|keys?|sheets?|and|or|that|which|we|you|to|as|in|with|by|if)\b)[A-Za-z])|答案(?<verb>.))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Other();
}
