using System.Collections.Frozen;
using System.Numerics;
using ICPO.Jinja.Rendering;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Jinja2's tests: what may stand after "is".</summary>
internal static class TemplateTests
{
    public static FrozenDictionary<string, Func<object?, Arguments, bool>> All { get; } =
        new Dictionary<string, Func<object?, Arguments, bool>>
        {
            ["defined"] = Alone(static v => v is not Undefined),
            ["undefined"] = Alone(static v => v is Undefined),
            ["none"] = Alone(static v => v is null),
            ["boolean"] = Alone(static v => v is bool),
            ["true"] = Alone(static v => v is true),
            ["false"] = Alone(static v => v is false),
            ["integer"] = Alone(static v => v is BigInteger),
            ["float"] = Alone(static v => v is double),
            ["number"] = Alone(static v => v is bool or BigInteger or double),
            ["string"] = Alone(static v => v is string or Markup),
            ["mapping"] = Alone(static v => v is PythonDict),
            ["sequence"] = Alone(static v => v is PythonSequence or PythonDict or PythonRange or string or Markup or Undefined),
            ["iterable"] = Alone(PythonCompare.IsIterable),
            ["callable"] = Alone(static v => v is Function or ICallable or Undefined),
            ["escaped"] = Alone(static v => v is Markup),
            ["lower"] = Alone(static v => PythonMethods.IsCase(PythonText.Str(v), PythonCasing.IsLower)),
            ["upper"] = Alone(static v => PythonMethods.IsCase(PythonText.Str(v), PythonCasing.IsUpper)),
            ["odd"] = Alone(static v => PythonCompare.Equal(Remainder(v, new BigInteger(2)), BigInteger.One)),
            ["even"] = Alone(static v => PythonCompare.Equal(Remainder(v, new BigInteger(2)), BigInteger.Zero)),
            ["divisibleby"] = With(static (v, n) => PythonCompare.Equal(Remainder(v, n), BigInteger.Zero)),
            ["sameas"] = With(
                static (v, o) =>
                    ReferenceEquals(v, o) || ((v, o) is (bool, bool) or (string, string) or (BigInteger, BigInteger) && v!.Equals(o))
            ),
            ["in"] = With(static (v, o) => PythonCompare.Contains(o, v)),
            ["filter"] = Alone(static v => PythonText.AsText(PythonDict.Key(v)) is { } name && TemplateFilters.All.ContainsKey(name)),
            ["test"] = Alone(static v => PythonText.AsText(PythonDict.Key(v)) is { } name && All!.ContainsKey(name)),
            ["=="] = With(PythonCompare.Equal),
            ["eq"] = With(PythonCompare.Equal),
            ["equalto"] = With(PythonCompare.Equal),
            ["!="] = With(static (v, o) => !PythonCompare.Equal(v, o)),
            ["ne"] = With(static (v, o) => !PythonCompare.Equal(v, o)),
            [">"] = Order(">"),
            ["gt"] = Order(">"),
            ["greaterthan"] = Order(">"),
            [">="] = Order(">="),
            ["ge"] = Order(">="),
            ["<"] = Order("<"),
            ["lt"] = Order("<"),
            ["lessthan"] = Order("<"),
            ["<="] = Order("<="),
            ["le"] = Order("<="),
        }.ToFrozenDictionary();

    private static object? Remainder(object? value, object? by) => PythonOperators.Apply("%", value, by, TemplateRenderer.CurrentBudget);

    private static Func<object?, Arguments, bool> Alone(Func<object?, bool> test) =>
        (value, arguments) =>
        {
            arguments.Bind("test", 0);
            return test(value);
        };

    private static Func<object?, Arguments, bool> With(Func<object?, object?, bool> test) =>
        (value, arguments) => test(value, arguments.Bind("test", 1, "other")[0]);

    private static Func<object?, Arguments, bool> Order(string op) => With((v, o) => PythonCompare.Ordered(op, v, o));
}
