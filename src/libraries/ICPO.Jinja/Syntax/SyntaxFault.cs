namespace ICPO.Jinja.Syntax;

/// <summary>A template that does not parse.</summary>
/// <param name="line">Line in the template, from 1.</param>
/// <param name="message">What is wrong, in Jinja2's words where it has any.</param>
internal sealed class SyntaxFault(int line, string message) : Exception(message)
{
    /// <summary>Line in the template, from 1.</summary>
    public int Line { get; } = line;
}
