using ICPO.MathAnswers.Latex;

namespace ICPO.MathAnswers.Equivalence;

/// <summary>The letters of a function's definition have no meaning: f(t) = 2t + 1 is f(x) = 2x + 1, a_k = 2k is a_n = 2n, and
/// t ↦ 2t + 1 is f(x) = 2x + 1.</summary>
internal static class BoundNames
{
    /// <summary>The right definition's value in the letters of the left one; null if they do not define the same function.</summary>
    public static Node? Match((Node? Name, Node Value) left, (Node? Name, Node Value) right)
    {
        if (
            Applied(left.Name) is not { } a
            || Applied(right.Name) is not { } b
            || (a.Name != b.Name && a.Name != LatexParser.Mapping && b.Name != LatexParser.Mapping)
            || a.Arguments.Length != b.Arguments.Length
            || !AreDistinctNames(a)
            || !AreDistinctNames(b)
        )
        {
            return null;
        }

        Node value = right.Value;
        for (int i = 0; i < b.Arguments.Length; i++)
        {
            value = value.Replace((SymbolNode)b.Arguments[i], new SymbolNode($"bound {i}"));
        }

        for (int i = 0; i < a.Arguments.Length; i++)
        {
            if (value.Any(n => n == a.Arguments[i]))
            {
                return null; // "f(t) = t + x" is not "f(x) = x + x".
            }

            value = value.Replace(new SymbolNode($"bound {i}"), a.Arguments[i]);
        }

        return value;
    }

    /// <summary>The right set's condition in the name of the left one: {t | t > 0} is {x | x > 0}; null if that name is taken.</summary>
    public static Node? Match(SetBuilderNode left, SetBuilderNode right)
    {
        if (left.Bound == right.Bound)
        {
            return right.Condition;
        }

        return right.Condition.Any(n => n == left.Bound) ? null : right.Condition.Replace(right.Bound, left.Bound);
    }

    /// <summary>The value of "f(t) = 2t + 1" in the only name of the other side, if each has one.</summary>
    public static Node? Match(Node? name, Node value, Node other)
    {
        if (Applied(name) is not { Arguments: [SymbolNode bound] } || Names(value) is not [var own] || own != bound.Name)
        {
            return null;
        }

        return Names(other) is [var given] && given != own ? value.Replace(bound, new SymbolNode(given)) : null;
    }

    /// <summary>f(x); a sequence a_n is a function of its index.</summary>
    private static CallNode? Applied(Node? name) =>
        name switch
        {
            CallNode call => call,
            SymbolNode { Name: [.. var sequence, '_', ('n' or 'k' or 'm' or 'i' or 'j') and var index] } when sequence.Length == 1 => new(
                $"{sequence}_",
                [new SymbolNode($"{index}")]
            ),
            _ => null,
        };

    private static bool AreDistinctNames(CallNode call) =>
        call.Arguments.All(a => a is SymbolNode) && call.Arguments.Distinct().Count() == call.Arguments.Length;

    private static string[] Names(Node node)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        node.CollectVariables(names);
        return [.. names];
    }
}
