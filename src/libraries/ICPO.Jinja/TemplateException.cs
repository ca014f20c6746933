namespace ICPO.Jinja;

/// <summary>A template does not parse or does not render.</summary>
/// <param name="template">Name or file of the template.</param>
/// <param name="line">Line in the template, from 1; 0 if the error concerns the call and not a line.</param>
/// <param name="reason">The reason, with Jinja2's message if there is one.</param>
/// <param name="raisedByTemplate">
/// Whether the template itself called raise_exception; <paramref name="reason"/> is then its message.
/// </param>
/// <param name="inner">The cause; null if there is none.</param>
public sealed class TemplateException(string template, int line, string reason, bool raisedByTemplate = false, Exception? inner = null)
    : Exception(line > 0 ? $"{template}:{line}: {reason}" : $"{template}: {reason}", inner)
{
    /// <summary>Line in the template, from 1; 0 if the error concerns the call and not a line.</summary>
    public int Line { get; } = line;

    /// <summary>What is wrong, without the template's name and the line.</summary>
    public string Reason { get; } = reason;

    /// <summary>Whether the template itself called raise_exception.</summary>
    public bool RaisedByTemplate { get; } = raisedByTemplate;
}
