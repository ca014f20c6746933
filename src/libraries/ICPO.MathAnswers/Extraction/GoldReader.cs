using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// Reads reference answers: an answer alone, the box or #### of a solution, a leading value before a clause ("½, attained at x = 1"), or
/// the value that a sentence names ("The minimum is 4 when x = 2"). Other texts are rejected as a whole.
/// </summary>
internal sealed partial class GoldReader(MathSettings settings, AnswerFinder finder)
{
    private const int MaxAnswerLength = 400;
    private const int MaxSentenceLength = 1000;

    private readonly ImmutableArray<AnswerPlace> _places = [.. settings.Order.Where(p => p != AnswerPlace.LastValue)];

    /// <summary>The answer; null if the text names none.</summary>
    public Extracted? Read(string gold)
    {
        string body = AnswerFinder.Undrawn(finder.Body(gold));
        bool isSolution = body.Contains("\\boxed", StringComparison.Ordinal) || body.Contains("####", StringComparison.Ordinal);
        return (isSolution ? null : Whole(body))
            ?? finder.Find(body, _places)
            ?? (body.Length <= MaxSentenceLength ? Sentence(body) : null);
    }

    /// <summary>A text that consists of an answer only. Letters are factors there, unless two words stand side by side.</summary>
    private static Extracted? Whole(string text)
    {
        string answer = text.Trim();
        if (answer.Length is 0 or > MaxAnswerLength)
        {
            return null;
        }

        bool plain = !answer.StartsWith('$') && (Answers.IsProse(answer) || !answer.Any(c => c == '\\' || char.IsAsciiLetter(c)));
        return
            !Statements.AreIn(answer)
            && !Answers.HasWordsBesideFormulas(answer)
            && Answers.Read(answer, NumberReading.Grouped, plain) is { } node
            && IsOnlyAnswer(node, answer)
            ? new(answer, plain, text.Length) { Parsed = node }
            : null;
    }

    private static bool IsOnlyAnswer(Node node, string answer) =>
        node switch
        {
            WordNode => true,
            SequenceNode list when list.Items.All(i => i is WordNode or SymbolNode) => !Prose().IsMatch(answer),
            RelationNode { Operands: [WordNode, var value], Operators: ['='] } => !Verb().IsMatch(answer) && !value.Any(n => n is WordNode),
            _ => !node.Any(n => n is WordNode),
        };

    private static Extracted? Sentence(string text)
    {
        if (Reason().Match(text) is { Success: true } word)
        {
            return new(word.Groups["word"].Value, true, text.Length);
        }

        var masked = MaskedText.Of(text);
        string main = LeadingClause().Replace(masked.Text, "");
        if (
            (Leading().Match(main) is not { Success: true } found || !IsRest(main[found.Length..]))
            && (found = Naming().Match(main)) is not { Success: true }
        )
        {
            return null;
        }

        Group values = found.Groups["values"];
        if (!IsRest(main[(values.Index + values.Length)..]))
        {
            return null;
        }

        if (Calculations.End(main, values.Index + values.Length, main.Length) is not null)
        {
            return null;
        }

        int at = masked.Text.Length - main.Length + values.Index;
        string answer = masked.Values(at, values.Length);
        string rest = main[(values.Index + values.Length)..];
        if (
            rest.Contains("constant", StringComparison.OrdinalIgnoreCase)
            && masked.Values(at + values.Length, rest.Length) is [>= 'A' and <= 'z'] constant
            && answer.Contains(constant, StringComparison.Ordinal)
        )
        {
            answer += $", {constant} \\in \\mathbb{{R}}"; // Its letter is a bound name.
        }

        return Answers.Read(answer, NumberReading.Grouped, false) is { } node && (node is WordNode || !node.Any(n => n is WordNode))
            ? new(answer, false, text.Length) { Parsed = node }
            : null;
    }

    /// <summary>What may follow the value: a unit, or a clause that names no second value.</summary>
    private static bool IsRest(string rest) => !Second().IsMatch(rest) && Rest().IsMatch(rest);

    [GeneratedRegex(
        @"\b(?:is|are|be|was|were|equals|answer|have|has|get|gets|costs?)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Verb();

    /// <summary>Signs of a sentence: a verb, or four words.</summary>
    [GeneratedRegex(
        @"\b(?:is|are|be|was|were|equals|answer|have|has|get|gets|costs?)\b|(?:(?<![\\A-Za-z])[A-Za-z]{2,}\W+){4}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Prose();

    /// <summary>"Yes, because 7 is odd": the reason is no part of the answer.</summary>
    [GeneratedRegex(
        @"\A\s*(?<word>yes|no|true|false|是|否|对|错)\s*[,.;:，。；：(（-]*\s*(?:because|since|as|for|due\s+to|the\s+reason|因为|由于)(?![a-z])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Reason();

    /// <summary>"For all x, …": a condition in front of the main clause.</summary>
    [GeneratedRegex(
        @"\A\s*(?:(?:for|when|with|where|whenever|given)\b|当)[^,，]{1,120}[,，]\s*",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex LeadingClause();

    /// <summary>A mark of <see cref="MaskedText"/>, and those that only a comma, "and" or "or" separates from it.</summary>
    private const string Values = @"(?<values>\uE000(?:(?:\s*[,;]\s*|\s*,?\s*(?:and|or)\s+)\uE000(?!\s+(?:is|are)\b))*)";

    private const string Denial = @"\b(?:if|not|no|never|either|neither|unless|than|least|most|between)\b|n['’]t|[不非没未]";

    private const string Verbs = @"\b(?:is|are|equals?|be|was|becomes|has\s+value)\b|[是为]|等于";

    /// <summary>Words between a verb and its value.</summary>
    private const string Fillers =
        "exactly|equal|to|given|by|precisely|therefore|thus|simply|just|only|clearly|then|approximately|about|always|the|a|an|number|"
        + "value|fraction|function|polynomial|set|constant|of";

    private const string Joints = "or|and|nor|than|if|unless|not|but|is|are";

    /// <summary>Words that open a clause about the value.</summary>
    private const string Openers =
        "where|with|for|when|whenever|at|attained|achieved|reached|obtained|occurring|which|as|because|since|given|"
        + "provided|providing|assuming|respectively";

    private const string Unit = $@"(?:\\?%|[°\p{{Sc}}])?\s*(?:(?!(?:{Joints}|when|where|for|at|while)\b)(?>[A-Za-z]+)[.,]?\s*){{1,5}}\z";

    private const string Clause =
        $@"(?:(?!(?:{Joints})\b)[A-Za-z]+\s+){{0,3}}?[,;(（，；]?\s*(?:(?:{Openers})\b|in\b(?!\s*\uE000)|其中|当|此时|因为|由于|在|时|取).*\z";

    /// <summary>"… is the only solution".</summary>
    private const string Closing =
        @"(?:is|are)\s+the\s+(?:(?:only|unique|required|desired|final|smallest|largest|least|greatest)\s+)*"
        + @"(?:answers?|solutions?|values?|ones?|functions?|possibilit(?:y|ies))\b.*\z|"
        + @"(?:is|are)\s+the\s+(?:only|unique)\s[^\uE000]*\z";

    [GeneratedRegex(
        @"\A\s*(?:(?:only|exactly|approximately|about|just|simply|precisely|answer\s*:|ans\.?\s*:?)\s*)?" + Values,
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Leading();

    /// <summary>The first verb whose complement is a value.</summary>
    [GeneratedRegex(
        $@"\A(?:(?!{Denial})[^.。]){{1,300}}?(?:{Verbs})\s*(?:(?:{Fillers})\s+)*{Values}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Naming();

    [GeneratedRegex(
        $@"\A\s*(?:[.。!]?\s*\z|{Unit}|{Clause}|{Closing}|\([^\uE000()]{{0,60}}\)\.?\s*\z|(?:only|works|is\s+possible)\.?\s*\z)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Rest();

    /// <summary>A second value, or a case distinction.</summary>
    [GeneratedRegex(
        @"\b(?:and|but|or|while|whereas)\b[^.]*\b(?:is|are|equals?|becomes)\b\s*\uE000|\b(?:otherwise|unless)\b|"
            + @"\uE000\s*,?\s*(?:if|when)\b[^.]*\uE000\s*,?\s*(?:if|when)\b|;[^\uE000]*\b(?:is|are)\s*\uE000|或",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Second();
}
