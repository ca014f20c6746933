using System.Collections.Immutable;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>The syntax tree of an answer.</summary>
internal abstract record Node;

/// <summary>
/// A number as written. The <paramref name="Decimals"/> digits after the point and the <paramref name="Digits"/> significant digits show
/// how a value was rounded.
/// </summary>
internal sealed record NumberNode(Fraction Value, int Decimals = 0, int Digits = 0) : Node;

/// <summary>A variable, or an opaque constant such as ℏ; subscripts are part of the name.</summary>
internal sealed record SymbolNode(string Name) : Node;

internal enum ConstantKind
{
    Pi,
    E,
    I,
    Infinity,
}

internal sealed record ConstantNode(ConstantKind Kind) : Node;

internal enum BinaryKind
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,

    /// <summary>Left ± right.</summary>
    PlusMinus,

    /// <summary>Left ∓ right.</summary>
    MinusPlus,
}

internal sealed record BinaryNode(BinaryKind Kind, Node Left, Node Right) : Node;

internal sealed record NegateNode(Node Value) : Node;

/// <summary>
/// A function of arguments: sin, root (value, index), log (value, base), abs, floor, factorial, binomial, det, or a name such as f.
/// </summary>
internal sealed record CallNode(string Name, ImmutableArray<Node> Arguments) : Node;

/// <summary>Value %: a hundredth of the value.</summary>
internal sealed record PercentNode(Node Value) : Node;

/// <summary>Value °: π/180 times the value.</summary>
internal sealed record DegreeNode(Node Value) : Node;

/// <summary>Digits in a number base, such as 1011_2.</summary>
internal sealed record BasedNode(Fraction Value, string Digits, int Radix) : Node;

/// <summary>A value with its unit.</summary>
internal sealed record QuantityNode(Node Value, string Unit) : Node;

/// <summary>a : b : …; a time of day if <paramref name="Half"/> (a, p) is set.</summary>
internal sealed record RatioNode(ImmutableArray<Node> Parts, string Half = "") : Node;

internal enum Joint
{
    Comma,
    And,
    Or,
}

/// <summary>Several items: bare (open ' '), set ('⦃'), tuple or open interval ('('), bracketed ('['), vector ('⟨').</summary>
internal sealed record SequenceNode(char Open, char Close, ImmutableArray<Node> Items, Joint Joint = Joint.Comma) : Node
{
    public bool IsBare => Open == ' ';

    public bool IsSet => Open == '⦃';

    /// <summary>True for two items in brackets that can be an interval.</summary>
    public bool CanBeInterval => Items.Length == 2 && Open is '(' or '[' && Close is ')' or ']';
}

internal sealed record MatrixNode(ImmutableArray<ImmutableArray<Node>> Rows) : Node
{
    public int Columns => Rows.Length == 0 ? 0 : Rows[0].Length;
}

/// <summary>A chain a = b &lt; c …: one operator fewer than operands.</summary>
internal sealed record RelationNode(ImmutableArray<Node> Operands, ImmutableArray<char> Operators) : Node;

/// <summary>The set of the values of a bound name that satisfy a condition.</summary>
internal sealed record SetBuilderNode(SymbolNode Bound, Node Condition) : Node;

/// <summary>∪, ∩ or ∖ of sets.</summary>
internal sealed record SetOperationNode(char Operator, Node Left, Node Right) : Node;

/// <summary>Words, in lower case.</summary>
internal sealed record WordNode(string Text) : Node;

/// <summary>A multiple-choice letter with what follows it.</summary>
internal sealed record ChoiceNode(char Letter, Node Rest) : Node;
