using System.Globalization;
using System.Text;

namespace ICPO.MathAnswers.Latex;

/// <summary>Prints a tree so that equal trees have equal text; used for nodes that cannot be evaluated (integrals, limits).</summary>
internal static class NodeText
{
    public static string Of(Node node)
    {
        StringBuilder text = new();
        Write(text, node);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Node node)
    {
        switch (node)
        {
            case NumberNode number:
                text.Append(number.Value);
                break;
            case SymbolNode symbol:
                text.Append(symbol.Name);
                break;
            case ConstantNode constant:
                text.Append('#').Append(constant.Kind);
                break;
            case NegateNode negate:
                Write(text, "-", negate.Value);
                break;
            case PercentNode percent:
                Write(text, "%", percent.Value);
                break;
            case DegreeNode degree:
                Write(text, "°", degree.Value);
                break;
            case QuantityNode quantity:
                Write(text, quantity.Value);
                break;
            case BinaryNode binary:
                Write(text, binary.Kind.ToString(), binary.Left, binary.Right);
                break;
            case CallNode call:
                Write(text, call.Name, [.. call.Arguments]);
                break;
            case BasedNode based:
                text.Append(CultureInfo.InvariantCulture, $"{based.Digits}_{based.Radix}");
                break;
            case RatioNode ratio:
                Write(text, ":" + ratio.Half, [.. ratio.Parts]);
                break;
            case SequenceNode sequence:
                Write(text, $"{sequence.Open}{sequence.Close}", [.. sequence.Items]);
                break;
            case MatrixNode matrix:
                Write(text, $"matrix{matrix.Columns}", [.. matrix.Rows.SelectMany(r => r)]);
                break;
            case RelationNode relation:
                Write(text, string.Concat(relation.Operators), [.. relation.Operands]);
                break;
            case SetBuilderNode set:
                Write(text, "set", set.Bound, set.Condition);
                break;
            case SetOperationNode operation:
                Write(text, operation.Operator.ToString(), operation.Left, operation.Right);
                break;
            case WordNode word:
                text.Append('"').Append(word.Text).Append('"');
                break;
            case ChoiceNode choice:
                Write(text, choice.Letter.ToString(), choice.Rest);
                break;
            default:
                throw new ArgumentException($"A node {node.GetType().Name} cannot be printed.", nameof(node));
        }
    }

    private static void Write(StringBuilder text, string head, params ReadOnlySpan<Node> parts)
    {
        text.Append(head).Append('(');
        foreach (Node part in parts)
        {
            Write(text, part);
            text.Append(' ');
        }

        text.Append(')');
    }
}
