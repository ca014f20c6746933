namespace ICPO.MathAnswers.Latex;

/// <summary>What a comma between digits means; one text can be read in more than one way.</summary>
internal enum NumberReading
{
    /// <summary>1,234 is a number; 1,23 are two.</summary>
    Grouped,

    /// <summary>1,234 are two numbers.</summary>
    Listed,

    /// <summary>Outside of brackets 1000,23 is a number with two decimals, and 1.234,5 one with one.</summary>
    DecimalComma,
}
