namespace ICPO.Jinja.Syntax;

/// <summary>A template that does not parse.</summary>
/// <param name="line">Line in the template, from 1.</param>
/// <param name="message">The reason, with Jinja2's message if there is one.</param>
internal sealed class SyntaxFault(int line, string message) : Exception(message)
{
    /// <summary>Line in the template, from 1.</summary>
    public int Line { get; } = line;
}
