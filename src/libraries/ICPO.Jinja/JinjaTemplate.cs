using System.Text.Json;
using ICPO.Jinja.Library;
using ICPO.Jinja.Rendering;
using ICPO.Jinja.Syntax;
using ICPO.Jinja.Values;

namespace ICPO.Jinja;

/// <summary>
/// A Jinja2 template, rendered as transformers renders chat templates: sandboxed, with trim_blocks and lstrip_blocks, loop controls,
/// {% generation %} blocks, tojson without HTML escapes, raise_exception and strftime_now. Immutable and thread-safe.
/// </summary>
public sealed class JinjaTemplate
{
    private static readonly KnownNames Names = new(TemplateFilters.All.ContainsKey, TemplateTests.All.ContainsKey);

    private readonly Frame _frame;
    private readonly int _length;

    private JinjaTemplate(string name, Frame frame, int length) => (Name, _frame, _length) = (name, frame, length);

    /// <summary>Name or file of the template, for errors.</summary>
    public string Name { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="source">The template's text.</param>
    /// <param name="name">Its name or file, for errors.</param>
    /// <exception cref="TemplateException">It does not parse, or it needs an unsupported construct; names the line.</exception>
    public static JinjaTemplate Parse(string source, string name = "template")
    {
        try
        {
            return new(name, TemplateParser.Parse(source, Names), source.Length);
        }
        catch (SyntaxFault fault)
        {
            throw new TemplateException(name, fault.Line, fault.Message);
        }
    }

    /// <summary>Renders the template. Work and memory are bounded in proportion to the template and its variables: one that
    /// exceeds the limits fails.</summary>
    /// <param name="variables">
    /// Variables by name; they hide built-in functions of the same name. A value is null, a bool, a string, an integer (int, long or
    /// BigInteger), a double, a JsonNode, a JsonElement, or a list or dictionary with string keys of such values.
    /// </param>
    /// <param name="clock">The time that strftime_now reads; the system's if null.</param>
    /// <exception cref="TemplateException">The template fails, or a variable has an unsupported type; names the line if any.</exception>
    public RenderedTemplate Render(IEnumerable<KeyValuePair<string, object?>> variables, TimeProvider? clock = null) =>
        Render(variables, clock, new Budget());

    /// <summary>Renders within other limits than the usual ones.</summary>
    internal RenderedTemplate Render(IEnumerable<KeyValuePair<string, object?>> variables, TimeProvider? clock, Budget budget)
    {
        budget.Allow(_length);
        var values = TemplateGlobals.Create(clock ?? TimeProvider.System).ToDictionary();
        foreach ((string name, object? value) in variables)
        {
            values[name] = Read(name, value, budget);
        }

        var renderer = new TemplateRenderer(budget);
        try
        {
            (string text, IReadOnlyList<(int Start, int End)> generations) = renderer.Render(_frame, values);
            return new(text, generations);
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(Name, renderer.Line, fault.Message, fault.RaisedByTemplate, fault);
        }
    }

    private object? Read(string name, object? value, Budget budget)
    {
        try
        {
            return ValueReader.Read(value, budget);
        }
        catch (Exception e) when (e is TemplateFault or InvalidOperationException or JsonException or ArgumentException)
        {
            throw new TemplateException(Name, 0, $"the variable '{name}' cannot be read: {e.Message}", inner: e);
        }
    }
}
