using System.Collections.Frozen;
using System.Numerics;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Library;

/// <summary>Jinja2's tests: what can follow "is".</summary>
internal static class TemplateTests
{
    internal delegate bool TestFunction(object? value, Arguments arguments);

    public static FrozenDictionary<string, TestFunction> All { get; } =
        new Dictionary<string, TestFunction>
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
            ["lower"] = Alone(static (v, budget) => PythonMethods.IsCase(PythonText.Str(v, budget), PythonCasing.IsLower, budget)),
            ["upper"] = Alone(static (v, budget) => PythonMethods.IsCase(PythonText.Str(v, budget), PythonCasing.IsUpper, budget)),
            ["odd"] = Alone(static (v, budget) => PythonCompare.Equal(Remainder(v, new BigInteger(2), budget), BigInteger.One, budget)),
            ["even"] = Alone(static (v, budget) => PythonCompare.Equal(Remainder(v, new BigInteger(2), budget), BigInteger.Zero, budget)),
            ["divisibleby"] = With(static (v, n, budget) => PythonCompare.Equal(Remainder(v, n, budget), BigInteger.Zero, budget)),
            ["sameas"] = With(
                static (v, o, _) =>
                    ReferenceEquals(v, o) || ((v, o) is (bool, bool) or (string, string) or (BigInteger, BigInteger) && v!.Equals(o))
            ),
            ["in"] = With(static (v, o, budget) => PythonCompare.Contains(o, v, budget)),
            ["filter"] = Alone(
                static (v, budget) => PythonText.AsText(PythonDict.Key(v, budget)) is { } name && TemplateFilters.All.ContainsKey(name)
            ),
            ["test"] = Alone(static (v, budget) => PythonText.AsText(PythonDict.Key(v, budget)) is { } name && All!.ContainsKey(name)),
            ["=="] = With(PythonCompare.Equal),
            ["eq"] = With(PythonCompare.Equal),
            ["equalto"] = With(PythonCompare.Equal),
            ["!="] = With(static (v, o, budget) => !PythonCompare.Equal(v, o, budget)),
            ["ne"] = With(static (v, o, budget) => !PythonCompare.Equal(v, o, budget)),
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

    /// <summary>Applies a test.</summary>
    /// <exception cref="TemplateFault">There is no such test, or it fails.</exception>
    public static bool Apply(string name, object? value, Arguments arguments)
    {
        TestFunction test = All.GetValueOrDefault(name) ?? throw new TemplateFault($"No test named '{name}'.");
        arguments.Scan(value);
        return test(value, arguments);
    }

    private static object? Remainder(object? value, object? by, Budget budget) => PythonOperators.Apply("%", value, by, budget);

    private static TestFunction Alone(Func<object?, bool> test) => Alone((value, _) => test(value));

    private static TestFunction Alone(Func<object?, Budget, bool> test) =>
        (value, arguments) =>
        {
            arguments.Bind("test", 0);
            return test(value, arguments.Budget);
        };

    private static TestFunction With(Func<object?, object?, Budget, bool> test) =>
        (value, arguments) => test(value, arguments.Bind("test", 1, "other")[0], arguments.Budget);

    private static TestFunction Order(string op) => With((v, o, budget) => PythonCompare.Ordered(op, v, o, budget));
}
