namespace ICPO.Jinja.Values;

/// <summary>
/// How much one rendering may do, so that no template hangs or exhausts memory: a number of evaluation steps, which searched text also
/// counts against, and a number of characters produced, which list elements also count against. Not thread-safe.
/// </summary>
/// <param name="maxSteps">Maximum number of steps.</param>
/// <param name="maxCharacters">Maximum number of characters produced, including intermediate values.</param>
internal sealed class Budget(long maxSteps, long maxCharacters)
{
    /// <summary>A list element takes about as much memory as this many characters: its slot in the list, and an object.</summary>
    public const int CharactersPerElement = 16;

    private long _steps;
    private long _characters;

    /// <summary>The limits of one rendering.</summary>
    public Budget()
        : this(20_000_000, 256L << 20) { }

    /// <summary>For parsing, whose work is bounded by the length of the source.</summary>
    public static Budget CreateUnlimited() => new(long.MaxValue, long.MaxValue);

    /// <summary>Call before something is evaluated.</summary>
    /// <exception cref="TemplateFault">The rendering exceeds its steps.</exception>
    public void Step(long count = 1)
    {
        if ((_steps += count) > maxSteps)
        {
            throw new TemplateFault($"the template does more than {maxSteps:N0} steps; it probably never ends");
        }
    }

    /// <summary>Counts text that is searched, compared or measured, and values that are enumerated.</summary>
    /// <param name="length">In characters or values.</param>
    /// <param name="perStep">How many of them take about as long as one evaluation step.</param>
    public void Scan(long length, int perStep = 64) => Step(length / perStep);

    /// <summary>Call before text is produced, or while its parts are, with the length in characters.</summary>
    /// <exception cref="TemplateFault">The rendering exceeds its characters.</exception>
    public void Make(long length)
    {
        if ((_characters += length) > maxCharacters)
        {
            throw new TemplateFault($"the template makes more than {maxCharacters:N0} characters of text");
        }
    }

    /// <summary>Call before a list is created, or while it grows.</summary>
    public void MakeElements(long count) => Make(count * CharactersPerElement);

    /// <summary>Counts text that becomes an element of a list.</summary>
    public void MakePart(long length)
    {
        MakeElements(1);
        Make(length);
    }

    /// <summary>Counts the text that a filter or method produced from a value; nothing if it returned the same text.</summary>
    public object? Counted(object? from, object? result)
    {
        if (PythonText.AsText(result) is { } text && !ReferenceEquals(text, PythonText.AsText(from)))
        {
            Make(text.Length);
        }

        return result;
    }
}
