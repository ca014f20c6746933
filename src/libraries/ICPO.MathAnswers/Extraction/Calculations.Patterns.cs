using System.Text.RegularExpressions;

namespace ICPO.MathAnswers.Extraction;

/// <summary>The words and signs of calculations.</summary>
internal static partial class Calculations
{
    private const string Number = @"(?:[0-9][0-9,]*(?:\.[0-9]+)?(?:\s?/\s?[0-9]+)?(?:\s?\\?%)?)";

    private const string Count = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)";

    /// <summary>A number, a formula, a root, a letter, or a number in words.</summary>
    private const string Operand =
        $@"(?:[(\[]?[-\u2212]?\\?\$?{Number}[)\]]?|[-\u2212]?\$[^$\n]{{1,200}}\$|\\\([^\n]{{1,200}}?\\\)|√[0-9]+|"
        + @"\\[a-z]+(?:\{[^{}]{0,60}\}){0,2}|"
        + $@"(?-i:[b-hj-zB-HJ-Z])(?![A-Za-z'’])|\b{Count}\b)";

    /// <summary>Words that are no unit between an operand and the operator behind it.</summary>
    private const string Unit =
        @"(?:\s+(?!(?:because|since|as|which|that|is|are|was|were|and|or|if|when|where|so|not|but|for|from|in|on|of|the|a|by|with|to|at|"
        + @"plus|minus|times|over|than|less|more)\b)[A-Za-z]{1,20}){0,2}?";

    /// <summary>Operators that may follow a unit.</summary>
    private const string Sums = @"\b(?:plus|minus|times|multiplied\s+by|divided\s+by|added\s+to)\b|[+×÷·]";

    private const string Words =
        @"\b(?:over|mod(?:ulo)?|choose|root|less|out\s+of|(?:raised\s+)?to\s+the(?:\s+power(?:\s+of)?)?|raised\s+to|point|(?:in\s+)?base|"
        + @"percent\s+of|remainder|(?:for\s+)?every|per)\b|(?<of>\bof\b)|\bx\b";

    private const string Chinese = "加上|加|减去|减|乘以|乘上|乘|除以|比|又|点|余|的(?=[0-9]+次方)|分之(?=[0-9])";

    private const string Close = @"(?:\*\*|\$|\\[)\]]|[)\]])?";

    private const string Fractions = "(?:hal(?:f|ves)|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)";

    /// <summary>A word behind a value that makes another value of it.</summary>
    private const string Postfix =
        @"\s+(?:(?:squared|cubed)\b(?!\s+(?:meters?|metres?|centimeters?|feet|foot|inch(?:es)?|miles?|units?|yards?|kilometers?)\b)|"
        + @"(?:double\s+)?factorial\b|halved\b|doubled\b|tripled\b|"
        + $@"(?:hundred|thousand|million|billion|trillion)\b(?<open>\s+(?:and\s+)?(?:[0-9]|{Count}\b))?|"
        + @"(?:halves|thirds|fourths|fifths|sixths|sevenths|eighths|ninths|tenths|twelfths|twentieths|hundredths|thousandths)\b|"
        + $@"and[\s-]+(?:an?|{Count})[\s-]+{Fractions}\b)|!(?=\s*[,;:+*/]|\s+[a-z(])|"
        + "(?:的(?:平方根?|立方根?|阶乘|一半|两倍)|平方(?!厘?米|千米|公里|分)|立方(?!厘?米|分)|次方|分之[一二三四五六七八九十]|"
        + "[万亿百千](?![克米瓦卡帕赫伏焦分吨])|"
        + "多(?![边项面元重位角])|余|成(?![人员年功立])|折(?![线叠])|[个元天月年]多|小时多|[个天年]半|小时半|半)";

    /// <summary>One more operator with its operand, or a word behind the value.</summary>
    [GeneratedRegex(
        $@"\G{Close}(?:(?:(?<unit>{Unit})\s*(?:{Sums})|\s*(?:[-\u2212^*/÷]|{Words}|{Chinese})){Close}\s*{Operand}"
            + $@"(?:th|st|nd|rd)?|{Postfix}|"
            + @"(?<open>\s+(?:plus|minus|divided\s+by|multiplied\s+by|raised\s+to|to\s+the\s+power|times\s+the|"
            + @"over\s+the\s+(?:square|cube|sum|product|total)|times\s+(?:itself|their|his|her|its|our|my|your)|"
            + @"choose|in\s+\$?[0-9]{1,6}(?!\s+[a-z]|[.,:/][0-9]|[0-9])|"
            + @"to\s+the\s+[a-z]{1,12}\s+power|and\s+(?:a\s+bit|some|something)|[a-z]{1,20}\s+and\s+(?:a|one)\s+half)\b))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Next();

    /// <summary>An operand and a word of an operator at the end.</summary>
    [GeneratedRegex(
        $@"(?<![0-9A-Za-z.^_)}}]){Operand}{Close}(?:(?<unit>{Unit})\s*(?:{Sums})|\s*(?:{Words}|{Chinese}))\s*[(\\$]*\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.RightToLeft
    )]
    private static partial Regex Earlier();

    /// <summary>A function of the value that follows; "I log 4 hours" is none.</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z])(?:(?:arc)?(?:sin|cos|cot|csc)|ln|lg|sqrt|(?<=(?:is|are|equals|=|get|be)\s*)(?:log|tan|sec|exp))\s*[(\\$]*\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.RightToLeft
    )]
    private static partial Regex Function();

    [GeneratedRegex(
        $@"\G{Close}{Unit}[\s$)*]*(?:[,;:，；—–-]\s*)?(?:(?<or>or\b)|(?:=|≈|→|⇒|(?:which|that|this|it)\s+(?:is|equals|gives|makes|means)\b|"
            + @"i\.?e\.?,?|that\s+is|namely|equals?\b|is\b|are\b|makes?\b|gives?\b|yields?\b|totals?\b|giving|making|meaning|"
            + @"for\s+a\s+total\s+of|so\b|hence|thus|therefore|即|等于|也就是|就是|所以是?|得到?|为|是|共))[\s,:，：]*"
            + @"(?:(?:equal\s+to|simply|just|exactly|a\s+total\s+of|the\s+(?:answer|total|number)|it\s+is|is|of|是)[\s,]*)*(?=[*\s]*"
            + Operand
            + ")",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex Mark();

    /// <summary>Words between formulas that are signs of a calculation.</summary>
    [GeneratedRegex(
        @"\b(?:plus|minus|times|multiplied\s+by|divided\s+by|over|squared|cubed|factorial|choose|root|mod(?:ulo)?|"
            + @"(?:raised\s+)?to\s+the\s+power(?:\s+of)?|out\s+of|percent\s+of|and\s+a\s+half)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    public static partial Regex SpokenOperator();
}
