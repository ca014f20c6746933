using System.Numerics;

namespace ICPO.Jinja.Values;

/// <summary>The arguments of a call to a function, filter or test.</summary>
/// <param name="Positional">Arguments by position.</param>
/// <param name="Named">Arguments by name.</param>
/// <param name="Budget">What the call's work counts against.</param>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyList<KeyValuePair<string, object?>> Named, Budget Budget)
{
    /// <summary>Represents an argument that was not given.</summary>
    private static readonly object Missing = new();

    /// <summary>These, for a function whose parameters have no names.</summary>
    /// <exception cref="TemplateFault">One was given by name.</exception>
    public Arguments Unnamed(string function) =>
        Named.Count == 0 ? this : throw new TemplateFault($"{function}() takes no keyword arguments");

    /// <summary>Counts the text that a function reads: the value it is called on, and the positional arguments.</summary>
    public void Scan(object? value)
    {
        Budget.Scan(PythonText.AsText(value)?.Length ?? 0);
        foreach (object? argument in Positional)
        {
            Budget.Scan(PythonText.AsText(argument)?.Length ?? 0);
        }
    }

    /// <summary>Assigns the arguments to parameters as Python does.</summary>
    /// <param name="function">For errors.</param>
    /// <param name="required">How many of the parameters must be given.</param>
    /// <param name="parameters">Names, in order.</param>
    /// <exception cref="TemplateFault">There are too many or too few, an unknown one, or one was given twice.</exception>
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

        foreach ((string name, object? value) in Named)
        {
            int at = Array.IndexOf(parameters, name);
            values[at < 0 ? throw new TemplateFault($"{function}() got an unexpected keyword argument '{name}'") : at] =
                values[at] == Missing ? value : throw new TemplateFault($"{function}() got multiple values for argument '{name}'");
        }

        int absent = Array.IndexOf(values, Missing, 0, required);
        return absent < 0 ? new(values) : throw new TemplateFault($"{function}() missing required argument '{parameters[absent]}'");
    }

    /// <summary>Arguments by position of their parameter, with a default for those not given.</summary>
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
