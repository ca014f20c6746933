using System.Numerics;
using ICPO.Jinja.Rendering;

namespace ICPO.Jinja.Values;

/// <summary>The values a function, filter or test is called with.</summary>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyList<KeyValuePair<string, object?>> Named)
{
    /// <summary>Stands for an argument that was not given.</summary>
    private static readonly object Missing = new();

    public static Arguments None { get; } = new([], []);

    public static Arguments Of(params object?[] positional) => new(positional, []);

    /// <summary>These, for a function whose parameters have no names.</summary>
    /// <exception cref="TemplateFault">One was given by name.</exception>
    public Arguments Unnamed(string function) =>
        Named.Count == 0 ? this : throw new TemplateFault($"{function}() takes no keyword arguments");

    /// <summary>Counts the text that a function goes through: what it is called on, and the arguments by position.</summary>
    public void Scan(object? value)
    {
        TemplateRenderer.Scan(PythonText.AsText(value)?.Length ?? 0);
        foreach (object? argument in Positional)
        {
            TemplateRenderer.Scan(PythonText.AsText(argument)?.Length ?? 0);
        }
    }

    /// <summary>Assigns the arguments to parameters as Python does.</summary>
    /// <param name="function">For errors.</param>
    /// <param name="required">How many of the parameters must be given.</param>
    /// <param name="parameters">Names, in order.</param>
    /// <exception cref="TemplateFault">Too many, too few, unknown or twice.</exception>
    public Bound Bind(string function, int required, params string[] parameters)
    {
        if (Positional.Count > parameters.Length)
        {
            throw new TemplateFault($"{function}() takes at most {parameters.Length} argument(s) ({Positional.Count} given)");
        }

        object?[] values = new object?[parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i < Positional.Count ? Positional[i] : Missing;
        }

        foreach ((string? name, object? value) in Named)
        {
            int at = Array.IndexOf(parameters, name);
            values[at < 0 ? throw new TemplateFault($"{function}() got an unexpected keyword argument '{name}'") : at] =
                values[at] == Missing ? value : throw new TemplateFault($"{function}() got multiple values for argument '{name}'");
        }

        int absent = Array.IndexOf(values, Missing, 0, required);
        return absent < 0 ? new(values) : throw new TemplateFault($"{function}() missing required argument '{parameters[absent]}'");
    }

    /// <summary>Arguments by position, with what to take where one was not given.</summary>
    internal readonly struct Bound(object?[] values)
    {
        public object? this[int index] => values[index] == Missing ? null : values[index];

        public bool Has(int index) => values[index] != Missing;

        public object? Or(int index, object? otherwise) => Has(index) ? values[index] : otherwise;

        public bool Truth(int index, bool otherwise = false) => Has(index) ? PythonCompare.Truth(values[index]) : otherwise;

        public string? Text(int index) => Has(index) ? PythonText.AsText(values[index]) ?? throw Wrong("str", index) : null;

        public int Integer(int index, int otherwise) =>
            !Has(index)
                ? otherwise
                : PythonNumbers.AsInteger(values[index]) switch
                {
                    null => throw Wrong("int", index),
                    { } value when BigInteger.Abs(value) <= int.MaxValue => (int)value,
                    { } value => value.Sign > 0 ? int.MaxValue : -int.MaxValue,
                };

        private TemplateFault Wrong(string expected, int index) =>
            values[index] is Undefined undefined
                ? undefined.Fail()
                : new($"expected {expected}, got '{PythonText.TypeName(values[index])}'");
    }
}
