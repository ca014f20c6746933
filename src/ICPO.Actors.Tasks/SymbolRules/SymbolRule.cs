using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.SymbolRules;

/// <summary>One of the sixteen rules on a string of four digits.</summary>
/// <param name="Letter">Its name in a worked answer, <c>a</c> to <c>p</c>.</param>
/// <param name="Name">A readable name.</param>
/// <param name="Apply">Four digits in, four digits out.</param>
public sealed record SymbolRule(char Letter, string Name, Func<string, string> Apply)
{
    /// <summary>All rules, in the order of their letters. None is degenerate: every result depends on its input.</summary>
    public static ImmutableArray<SymbolRule> All { get; } =
    [
        new('a', "reverse", d => Pick(d, 3, 2, 1, 0)),
        new('b', "rotate left", d => Pick(d, 1, 2, 3, 0)),
        new('c', "rotate right", d => Pick(d, 3, 0, 1, 2)),
        new('d', "swap ends", d => Pick(d, 3, 1, 2, 0)),
        new('e', "swap pairs", d => Pick(d, 1, 0, 3, 2)),
        new('f', "swap middle", d => Pick(d, 0, 2, 1, 3)),
        new('g', "sort up", d => string.Concat(d.Order())),
        new('h', "sort down", d => string.Concat(d.OrderDescending())),
        new('i', "+1", d => Each(d, x => x + 1)),
        new('j', "-1", d => Each(d, x => x + 9)),
        new('k', "+3", d => Each(d, x => x + 3)),
        new('l', "+5", d => Each(d, x => x + 5)),
        new('m', "9-x", d => Each(d, x => 9 - x)),
        new('n', "7-x", d => Each(d, x => 17 - x)),
        new('o', "2x", d => Each(d, x => 2 * x)),
        new('p', "3x", d => Each(d, x => 3 * x)),
    ];

    private static string Pick(string digits, int first, int second, int third, int fourth) =>
        new([digits[first], digits[second], digits[third], digits[fourth]]);

    private static string Each(string digits, Func<int, int> value) => string.Create(digits.Length, (digits, value), static (span, state) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = (char)('0' + (state.value(state.digits[i] - '0') % 10));
            }
        });
}
