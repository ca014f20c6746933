namespace ICPO.MathAnswers.Latex;

/// <summary>Mixed numbers: an integer followed by a proper fraction.</summary>
internal sealed partial class LatexParser
{
    /// <summary>1 1/2 in plain text: the whole number was parsed as a factor of the numerator.</summary>
    private static Node Mixed(Node left, Node right)
    {
        if (right is PercentNode { Value: NumberNode } percent)
        {
            // 3/4 % is (3/4) %.
            return new PercentNode(Mixed(left, percent.Value));
        }

        if (right is DegreeNode { Value: NumberNode } degree)
        {
            return new DegreeNode(Mixed(left, degree.Value));
        }

        if (
            left
                is BinaryNode
                {
                    Kind: BinaryKind.Multiply,
                    Left: NumberNode { Value: { IsInteger: true, Sign: >= 0 } } whole,
                    Right: NumberNode { Value: { IsInteger: true, Sign: > 0 } } top
                }
            && IsJuxtaposed(left)
            && right is NumberNode { Value: { IsInteger: true } } bottom
            && top.Value.CompareTo(bottom.Value) < 0
        )
        {
            return new BinaryNode(BinaryKind.Add, whole, new BinaryNode(BinaryKind.Divide, top, bottom));
        }

        return new BinaryNode(BinaryKind.Divide, left, right);
    }

    /// <summary>
    /// True for a product of two numbers without a sign between them; such a product marks its right factor with −1 decimals.
    /// </summary>
    private static bool IsJuxtaposed(Node product) => product is BinaryNode { Right: NumberNode { Decimals: -1 } };

    /// <summary>3\frac{1}{3}: an integer directly before a proper fraction of integers.</summary>
    private bool IsMixedNumber(Node left) =>
        left is NumberNode { Value: { IsInteger: true, Sign: >= 0 } }
        && Current.Kind == TokenKind.Command
        && Current.Text is "frac" or "dfrac" or "tfrac" or "cfrac"
        && _tokens[_at - 1].Kind == TokenKind.Number;

    private Node? Mix(Node whole) => ParseFactor() is { } fraction ? Mix(whole, fraction) : Fail();

    private static Node Mix(Node whole, Node fraction)
    {
        if (fraction is PercentNode percent)
        {
            return new PercentNode(Mix(whole, percent.Value));
        }

        if (fraction is DegreeNode degree)
        {
            return new DegreeNode(Mix(whole, degree.Value));
        }

        if (
            fraction
                is BinaryNode
                {
                    Kind: BinaryKind.Divide,
                    Left: NumberNode { Value: { IsInteger: true, Sign: > 0 } } top,
                    Right: NumberNode { Value: { IsInteger: true } } bottom
                }
            && top.Value.CompareTo(bottom.Value) < 0
        )
        {
            return new BinaryNode(BinaryKind.Add, whole, fraction);
        }

        return Multiply(whole, fraction);
    }
}
