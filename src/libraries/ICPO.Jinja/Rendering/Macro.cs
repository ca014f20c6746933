using ICPO.Jinja.Syntax;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Rendering;

/// <summary>A macro with its defining scope; the body of a call block is a macro without a name.</summary>
internal sealed class Macro(MacroDefinition definition, Scope scope, TemplateRenderer renderer) : IMacro
{
    public string? Identifier => definition.Identifier;

    public object? Invoke(Arguments arguments)
    {
        renderer.Budget.MakeElements(definition.Parameters.Count + 8);
        Scope inner = renderer.Open(definition.Body, scope);
        var named = arguments.Named.ToList();
        IReadOnlyList<string> parameters = definition.Parameters;
        foreach (string parameter in parameters)
        {
            // A default value sees the parameters before it; names of later parameters are undefined.
            inner.Set(parameter, new Undefined($"parameter '{parameter}' was not provided"));
        }

        for (int i = 0; i < parameters.Count; i++)
        {
            int given = named.FindIndex(n => n.Key == parameters[i]);
            if (i < arguments.Positional.Count)
            {
                inner.Set(parameters[i], arguments.Positional[i]);
            }
            else if (given >= 0)
            {
                inner.Set(parameters[i], named[given].Value);
                named.RemoveAt(given);
            }
            else if (i - (parameters.Count - definition.Defaults.Count) is >= 0 and var at)
            {
                inner.Set(parameters[i], renderer.Evaluate(definition.Defaults[at], inner));
            }
        }

        if (definition.UsesCaller && !parameters.Contains("caller"))
        {
            int caller = named.FindIndex(n => n.Key == "caller");
            inner.Set("caller", caller < 0 ? new Undefined("No caller defined") : named[caller].Value);
            named.RemoveAll(n => n.Key == "caller");
        }

        if (definition.UsesNamed)
        {
            inner.Set("kwargs", new PythonDict(named, renderer.Budget));
        }
        else if (named.Count > 0)
        {
            throw new TemplateFault($"macro '{Identifier}' takes no keyword argument '{named[0].Key}'");
        }

        object?[] more = arguments.Positional.Skip(parameters.Count).ToArray();
        if (definition.UsesPositional)
        {
            inner.Set("varargs", new PythonTuple(more));
        }
        else if (more.Length > 0)
        {
            throw new TemplateFault($"macro '{Identifier}' takes not more than {parameters.Count} argument(s)");
        }

        return renderer.Capture(definition.Body.Body, inner).Text;
    }

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "name" => Identifier,
            "arguments" => new PythonTuple([.. definition.Parameters]),
            "catch_kwargs" => definition.UsesNamed,
            "catch_varargs" => definition.UsesPositional,
            "caller" => definition.UsesCaller,
            _ => null,
        };
        return name is "name" or "arguments" or "catch_kwargs" or "catch_varargs" or "caller";
    }
}
