namespace ICPO.Jinja.Values;

/// <summary>A namespace: the only value whose attributes a template can set.</summary>
internal sealed class TemplateNamespace(PythonDict attributes)
{
    public PythonDict Attributes { get; } = attributes;
}
