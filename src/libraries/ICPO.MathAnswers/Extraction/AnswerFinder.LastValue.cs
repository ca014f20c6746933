using System.Text.RegularExpressions;
using ICPO.MathAnswers.Latex;
using ICPO.MathAnswers.Settings;

namespace ICPO.MathAnswers.Extraction;

/// <summary>The last value of a text without box or answer phrase, if the words next to it give it.</summary>
internal sealed partial class AnswerFinder
{
    private const int MaxSentenceReach = 400;
    private const int MaxReachAfter = 200;
    private const int MaxEarlierValues = 6;

    private Extracted? LastValue(string text)
    {
        if (settings.UndelimitedLatex == UndelimitedLatex.NumbersOnly)
        {
            return NumbersOnly.Last(text);
        }

        return Whole(text) ?? InSentence(text, Last(text), MaxEarlierValues, false);
    }

    private static Extracted? Last(string text)
    {
        List<FormulaSpan> spans = FormulaSpans.Find(text);
        int start = spans.Count > 0 ? spans[^1].End : 0;
        Extracted? number = PlainNumbers.Last(text, start);
        if (number is not null && LooseFormulas.Last(text, start) is { } loose && loose.End >= number.Value.End)
        {
            return loose;
        }

        if (spans.Count > 0 && number is null)
        {
            int first = spans.Count - 1;
            while (first > 0 && FormulaSpans.AreJoined(text, spans[first - 1], spans[first]))
            {
                first--;
            }

            return Formula(text, spans, first, spans.Count - 1);
        }

        return number ?? LooseFormulas.Last(text, start);
    }

    /// <summary>The value, a list or relation that it is a part of, or its sentence if that does not determine the value.</summary>
    private static Extracted? InSentence(string text, Extracted? last, int depth, bool inSeries)
    {
        if (last is not { } value)
        {
            return null;
        }

        int start = SentenceStart(text, value.Place.Start),
            end = SentenceEnd(text, value.Place.End);
        value = Operand(text, value, start, end);
        string before = text[start..value.Place.Start],
            after = text[value.Place.End..Math.Min(text.Length, Math.Min(end + 1, value.Place.End + MaxReachAfter))];
        if (
            before.Contains("mod", StringComparison.OrdinalIgnoreCase)
            && Modulus().Match(text, start, value.Place.Start - start) is { Success: true } mod
        )
        {
            return Residue(text, value, mod, start, depth);
        }

        if (!value.IsOpen && Relations.Around(before, value.Text, after) is { } found)
        {
            Extracted relation = new(found.Text, value.IsPlain, end) { Place = (value.Place.Start - found.Before, value.Place.End) };
            string rest = before[..^found.Before];
            return depth > 0 && Joins().Match(rest) is { Success: true } joint && found.Before > 0
                ? Beside(text[..(start + joint.Index)], relation, ContextKind.Joined, start, depth)
                : relation;
        }

        ValueContext context = value.IsOpen
            ? ValueContext.Open
            : ChineseContext.Read(before, value.Text, after) ?? ValueContexts.Read(before, value.Text, after, inSeries);
        switch (context.Kind)
        {
            case ContextKind.Names:
                return value;
            case ContextKind.Joined or ContextKind.Divides when depth > 0:
                return Beside(text[..(start + context.At)], value, context.Kind, start, depth);
            default:
                return depth > 0 && Contrasted(text, start, value.Place.Start) is { } other
                    ? other
                    : new(text[start..end].Trim(), true, value.End) { Place = (start, end), IsOpen = true };
        }
    }

    /// <summary>The value together with the last one of the text before it, if that is in the same sentence.</summary>
    private static Extracted Beside(string head, Extracted value, ContextKind kind, int start, int depth) =>
        InSentence(head, Last(head), depth - 1, true) is { } earlier && earlier.Place.End > start ? Combined(earlier, value, kind) : value;

    private static Extracted Combined(Extracted earlier, Extracted value, ContextKind kind)
    {
        if (earlier.IsOpen)
        {
            return earlier;
        }

        bool divides = kind == ContextKind.Divides && !Relates().IsMatch(earlier.Text) && !Relates().IsMatch(value.Text);
        string text = divides ? $"\\frac{{{earlier.Text}}}{{{value.Text}}}" : $"{earlier.Text}, {value.Text}";
        return new(text, !divides && earlier.IsPlain && value.IsPlain, value.End) { Place = (earlier.Place.Start, value.Place.End) };
    }

    /// <summary>"N ≡ 3 (mod 7)": the value is the text before the modulus.</summary>
    private static Extracted? Residue(string text, Extracted modulus, Match mod, int start, int depth)
    {
        string head = text[..mod.Index];
        return InSentence(head, Last(head), depth - 1, false) is { IsOpen: false } value && value.Place.End > start
            ? new($"{value.Text} \\pmod{{{modulus.Text}}}", false, modulus.End) { Place = (value.Place.Start, modulus.Place.End) }
            : modulus with
            {
                IsOpen = true,
            };
    }

    /// <summary>"It is 5, not 4", "it is 5 because 4 is too small": the value before the contrast.</summary>
    private static Extracted? Contrasted(string text, int start, int at)
    {
        Match? contrast = Contrast().Matches(text[start..at]).LastOrDefault();
        if (contrast is null)
        {
            return null;
        }

        string main = text[..(start + contrast.Index)];
        return
            !Condition().IsMatch(main.AsSpan(start))
            && InSentence(main, Last(main), 1, false) is { IsOpen: false } value
            && value.Place.Start >= start
            ? value
            : null;
    }

    /// <summary>The index after the sign or line break that ends the sentence before.</summary>
    private static int SentenceStart(string text, int at)
    {
        int from = Math.Max(0, at - MaxSentenceReach);
        for (int i = at - 1; i >= from; i--)
        {
            if (
                text[i] is '\n' or '。' or '！' or '？'
                || (
                    text[i] is '.' or '!' or '?'
                    && i + 1 < text.Length
                    && char.IsWhiteSpace(text[i + 1])
                    && !Abbreviation().IsMatch(text.AsSpan(from, i - from))
                )
            )
            {
                return i + 1;
            }
        }

        return from;
    }

    /// <summary>A short text that consists of an answer only.</summary>
    private static Extracted? Whole(string text)
    {
        string answer = text.Trim();
        if (answer.Length is 0 or > MaxAnswerLength)
        {
            return null;
        }

        bool plain = !answer.StartsWith('$') && (Answers.IsProse(answer) || !answer.Contains('\\', StringComparison.Ordinal));
        return
            !Statements.AreIn(answer)
            && !Answers.HasWordsBesideFormulas(answer)
            && !Contraction().IsMatch(answer)
            && Answers.Read(answer, NumberReading.Grouped, plain) is { } node
            && IsOnlyAnswer(node)
            ? new(answer, plain, text.Length) { Parsed = node }
            : null;
    }

    private static bool IsOnlyAnswer(Node node) =>
        node switch
        {
            WordNode word => word.Text.Count(c => c == ' ') < 2,
            RelationNode { Operands: [WordNode, _], Operators: ['='] } => false,
            _ => !node.Any(n => n is WordNode),
        };

    /// <summary>It's, we're.</summary>
    [GeneratedRegex(@"[A-Za-z]['’](?:s|re|ll|ve|d)\s", RegexOptions.CultureInvariant)]
    private static partial Regex Contraction();

    [GeneratedRegex(@"(?:\b(?:approx|ca|vs|resp|eq|no)|\b[ie]\.?[eg])\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Abbreviation();

    /// <summary>"x > 4 and x &lt; 9".</summary>
    [GeneratedRegex(@"\s(?:and|or)\s*\z|[，,]?\s*[且或和与]\s*\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Joins();

    /// <summary>"(mod", "modulo": the number that follows is the modulus.</summary>
    [GeneratedRegex(
        @"\$?\s*[(（]?\s*(?:\\[pb]?mod|\\(?:text|mathrm)\{\s*mod\s*\}|(?<![A-Za-z])mod(?:ulo|ulus)?)\s*[{(]?\s*\$?\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Modulus();

    [GeneratedRegex(@"[=<>≤≥≡≈,;]|\\(?:le|ge|lt|gt|leq|geq|equiv|approx|ne|neq)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Relates();

    [GeneratedRegex(
        @"[,;(—–，；（]\s*(?:(?:and|but|so)\s+)?(?:not|never|rather|instead|which|that\s+is|since|because|as|unlike|more|less|greater|fewer|"
            + @"larger|smaller|at\s+least|at\s+most|exceeding|above|below|over|under|well|nor|neither)\b|"
            + @"(?<=[0-9$)}%](?:\s[a-z]{1,12})?)\s+(?:rather\s+than|instead\s+of|not|because|since|but\s+not)\b|"
            + @"[，,；;(（]\s*(?:而?不是|并非|而非|因为|由于|[大小高低多少]于|超过)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Contrast();

    /// <summary>The text before the comma is a condition, not the statement.</summary>
    [GeneratedRegex(
        @"\A\W*(?:for|if|when|whenever|since|as|because|with|given|where|while|although|though|unless|suppose|assume|let|in|at|on)\b|"
            + @"\A\W*[当若如设因由]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Condition();
}
