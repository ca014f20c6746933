using System.Numerics;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Filters of numbers.</summary>
internal static partial class TemplateFilters
{
    private static object? Int(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("int", 0, "default", "base");
        return value switch
        {
            Undefined undefined => throw undefined.Fail(),
            double d when double.IsInfinity(d) => throw new TemplateFault("cannot convert float infinity to integer"),
            _ when PythonNumbers.AsInteger(value) is { } whole => whole,
            _ when PythonText.AsText(value) is { } text
                    && PythonNumbers.ParseInteger(text, bound.Integer(1, 10), arguments.Budget) is { } parsed => parsed,
            _ when (value as double? ?? (PythonText.AsText(value) is { } real ? PythonNumbers.ParseDouble(real, arguments.Budget) : null))
                    is { } number
                    && double.IsFinite(number) => new BigInteger(Math.Truncate(number)),
            _ => bound.Or(0, BigInteger.Zero),
        };
    }

    private static object? Float(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("float", 0, "default");
        return value is Undefined undefined
            ? throw undefined.Fail()
            : PythonNumbers.AsDouble(value)
                ?? (PythonText.AsText(value) is { } text ? PythonNumbers.ParseDouble(text, arguments.Budget) : null)
                ?? bound.Or(0, 0.0);
    }

    private static object? Round(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("round", 0, "precision", "method");
        (int precision, string? method) = (bound.Integer(0, 0), bound.Text(1) ?? "common");
        if (method == "common")
        {
            return PythonNumbers.Round(value, precision, arguments.Budget);
        }

        if (method is not ("ceil" or "floor"))
        {
            throw new TemplateFault("method must be common, ceil or floor");
        }

        object? scale = PythonOperators.Apply("**", new BigInteger(10), new BigInteger(precision), arguments.Budget);
        object? scaled = PythonOperators.Apply("*", value, scale, arguments.Budget);
        if (scaled is double d)
        {
            double whole = method == "ceil" ? Math.Ceiling(d) : Math.Floor(d);
            scaled = double.IsFinite(whole)
                ? new BigInteger(whole)
                : throw new TemplateFault("cannot convert float infinity or NaN to integer");
        }

        return PythonOperators.Apply("/", scaled, scale, arguments.Budget);
    }

    private static object? Sum(object? value, Arguments arguments)
    {
        Arguments.Bound bound = arguments.Bind("sum", 0, "attribute", "start");
        IEnumerable<object?> items = Charged(value, arguments.Budget);
        if (bound[0] is not null)
        {
            items = items.Select(Getter(bound[0], arguments.Budget));
        }

        object? start = bound.Or(1, BigInteger.Zero);
        return start is string or Markup
            ? throw new TemplateFault("sum() can't sum strings [use ''.join(seq) instead]")
            : items.Aggregate(start, (sum, item) => PythonOperators.Apply("+", sum, item, arguments.Budget));
    }
}
