namespace ICPO.MathAnswers.Latex;

/// <summary>The meaning of a comma between digits; a text can have several readings.</summary>
internal enum NumberReading
{
    /// <summary>1,234 is one number; 1,23 is two.</summary>
    Grouped,

    /// <summary>1,234 is two numbers.</summary>
    Listed,

    /// <summary>Outside of brackets the comma is the decimal separator: 1000,23 and 1.234,5.</summary>
    DecimalComma,
}
