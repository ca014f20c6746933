namespace ICPO.Jinja.Values;

/// <summary>A name, attribute or item that does not exist. It prints as nothing and is false; most other uses are errors.</summary>
/// <param name="Hint">The error message of a use.</param>
internal sealed record Undefined(string Hint)
{
    public static Undefined Name(string name) => new($"'{name}' is undefined");

    public static Undefined Attribute(object? of, object? name, Budget budget)
    {
        string type = of is null ? "None" : PythonText.TypeName(of) + " object";
        return new(
            PythonText.AsText(name) is { } text
                ? $"'{type}' has no attribute {PythonText.Repr(text, budget)}"
                : $"{type} has no element {PythonText.Repr(name, budget)}"
        );
    }

    /// <summary>An attribute that the sandbox hides from templates.</summary>
    public static Undefined Unsafe(object? of, string name) =>
        new($"access to attribute '{name}' of '{PythonText.TypeName(of)}' object is unsafe.");

    public TemplateFault Fail() => new(Hint);

    public bool Equals(Undefined? other) => other is not null;

    public override int GetHashCode() => 0;
}
