namespace ICPO.Jinja;

/// <summary>A template does not parse or does not render.</summary>
/// <param name="template">The template's name or file.</param>
/// <param name="line">Line in the template, from 1; 0 where the error is about the call and not about a place.</param>
/// <param name="reason">What is wrong, as Jinja2 would say it where it has words for it.</param>
/// <param name="raisedByTemplate">Whether the template itself called raise_exception; <paramref name="reason"/> is then its
/// message.</param>
/// <param name="inner">What the error came of; null where it is the first.</param>
public sealed class TemplateException(string template, int line, string reason, bool raisedByTemplate = false, Exception? inner = null)
    : Exception(line > 0 ? $"{template}:{line}: {reason}" : $"{template}: {reason}", inner)
{
    /// <summary>Line in the template, from 1; 0 where the error is about the call and not about a place.</summary>
    public int Line { get; } = line;

    /// <summary>What is wrong, without the template's name and the line.</summary>
    public string Reason { get; } = reason;

    /// <summary>Whether the template itself called raise_exception.</summary>
    public bool RaisedByTemplate { get; } = raisedByTemplate;
}

/// <summary>An error inside the interpreter, before it is known which line it belongs to.</summary>
internal sealed class TemplateFault(string message, bool raisedByTemplate = false) : Exception(message)
{
    public bool RaisedByTemplate { get; } = raisedByTemplate;
}
