namespace ICPO.Jinja.Values;

/// <summary>A built-in function or a method of a value.</summary>
/// <param name="Name">For errors.</param>
/// <param name="Invoke">Its implementation.</param>
internal sealed record Function(string Name, Func<Arguments, object?> Invoke);

/// <summary>An object that can be called.</summary>
internal interface ICallable
{
    object? Invoke(Arguments arguments);
}

/// <summary>An object with attributes: loop, cycler, macro, an element of groupby.</summary>
internal interface IAttributes
{
    /// <returns>False if it has no such attribute.</returns>
    bool TryGet(string name, out object? value);
}

/// <summary>A macro.</summary>
internal interface IMacro : ICallable, IAttributes
{
    /// <summary>Null for the body of a call block.</summary>
    string? Identifier { get; }
}
