using System.Collections.Frozen;

namespace ICPO.MathAnswers.Latex;

/// <summary>The English words of calculations.</summary>
internal static class SpokenTerms
{
    private static readonly string[] Denominators = ["half", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    private static readonly string[] Numerators = ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    /// <summary>All terms by their first word, longer ones first.</summary>
    private static readonly FrozenDictionary<string, SpokenTerm[]> Terms = Table()
        .GroupBy(t => t.Words[0])
        .ToFrozenDictionary(g => g.Key, g => g.OrderByDescending(t => t.Words.Length).ToArray());

    /// <summary>Words that are no unit, since they make another value of the one before them.</summary>
    private static readonly FrozenSet<string> Operators =
    [
        .. "factorial halved doubled tripled quadrupled choose divided multiplied plus raised".Split(' '),
    ];

    /// <summary>"4 times their number" names a multiple, and "4 times this week" a count.</summary>
    private static readonly FrozenSet<string> Owners = [.. "the itself their his her its our my your".Split(' ')];

    /// <summary>The terms that a word can open.</summary>
    public static SpokenTerm[] At(string word) => Terms.TryGetValue(word, out SpokenTerm[]? terms) ? terms : [];

    /// <summary>True for words that calculate with the value before them; "meters squared" and "squared meters" are units.</summary>
    public static bool AreIn(string unit)
    {
        string[] words = unit.ToLowerInvariant().Split(' ');
        bool isUnit = words.Any(Units.IsKnown);
        foreach ((int at, string word) in words.Index())
        {
            string next = at + 1 < words.Length ? words[at + 1] : "";
            if (
                Operators.Contains(word)
                || (!isUnit && word is "squared" or "cubed")
                || (word == "times" && Owners.Contains(next))
                || (word == "and" && next is "a" or "one")
                || (word == "to" && next == "the" && words.Contains("power"))
                || (
                    Notation.SpokenNumbers.ContainsKey(next) && At(word).Any(t => t.Kind is not (SpokenKind.Postfix or SpokenKind.Fraction))
                )
            )
            {
                return true;
            }
        }

        return ChineseCalculations.AreIn(unit);
    }

    private static IEnumerable<SpokenTerm> Table()
    {
        const string signs = "plus:+,added to:+,times:*,multiplied by:*,divided by:/,over:/,out of:/,less:-,minus:-,of:*";
        const string groups =
            "to the power of:^,to the power:^,raised to the power of:^,raised to the power:^,raised to:^,base:_,in base:_";
        const string postfixes =
            "squared:^ 2,cubed:^ 3,factorial:!,halved:/ 2,doubled:* 2,tripled:* 3,"
            + "twelfths:/ 12,twentieths:/ 20,hundredths:/ 100,thousandths:/ 1000";
        foreach ((string words, string sign) in Rows(signs))
        {
            yield return new(words.Split(' '), SpokenKind.Infix, sign);
        }

        foreach ((string words, string sign) in Rows(groups))
        {
            yield return new(words.Split(' '), SpokenKind.Grouping, sign);
        }

        foreach ((string words, string sign) in Rows(postfixes))
        {
            yield return new(words.Split(' '), SpokenKind.Postfix, sign.Split(' '));
        }

        yield return new(["root"], SpokenKind.Grouping, "*", "sqrt");
        yield return new(["choose"], SpokenKind.Choose);
        yield return new(["point"], SpokenKind.Point);
        foreach ((int at, string name) in Denominators.Append("quarter").Index())
        {
            string bottom = name == "quarter" ? "4" : $"{at + 2}";
            string plural = name == "half" ? "halves" : name + "s";
            foreach ((int top, string count) in Numerators.Index())
            {
                string value = $"{Math.Max(1, top)}";
                yield return new(["and", count, top < 2 ? name : plural], SpokenKind.Fraction, value, bottom);
            }

            if (name != "quarter")
            {
                yield return new([plural], SpokenKind.Postfix, "/", bottom); // "3 quarters" can be coins.
            }

            string ordinal = name == "half" ? "second" : name;
            yield return new(["to", "the", ordinal, "power"], SpokenKind.Postfix, "^", bottom);
            if (name is not ("half" or "quarter"))
            {
                yield return new(["to", "the", ordinal], SpokenKind.Postfix, "^", bottom);
            }
        }
    }

    private static IEnumerable<(string Words, string Sign)> Rows(string table) =>
        table.Split(',').Select(row => row.Split(':')).Select(cells => (cells[0], cells[1]));
}
