namespace ICPO.Jinja.Values;

/// <summary>An error while rendering, before its line in the template is known.</summary>
internal sealed class TemplateFault(string message, bool raisedByTemplate = false) : Exception(message)
{
    /// <summary>Whether the template itself called raise_exception.</summary>
    public bool RaisedByTemplate { get; } = raisedByTemplate;
}
