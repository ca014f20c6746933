namespace ICPO.Jinja.Values;

/// <summary>
/// How much one rendering may do, so that no template takes more time or memory than in proportion to its input: a number of evaluation
/// steps, which searched text also counts against, and a number of characters produced, which everything else that is allocated also counts
/// against. Both grow with the template's source and with the variables. Not thread-safe.
/// </summary>
/// <param name="maxSteps">Maximum number of steps for an input of any size.</param>
/// <param name="maxCharacters">Maximum number of characters produced, including intermediate values, for an input of any size.</param>
internal sealed class Budget(long maxSteps, long maxCharacters)
{
    /// <summary>A list element takes about as much memory as this many characters: its slot in the list, and an object.</summary>
    public const int CharactersPerElement = 16;

    /// <summary>What an evaluation step allocates on average.</summary>
    private const int CharactersPerStep = 24;

    /// <summary>A scope or dict with its table.</summary>
    private const int CharactersPerTable = 160;

    private const int StepsPerInput = 4,
        CharactersPerInput = 8;

    private long _maxSteps = maxSteps;
    private long _maxCharacters = maxCharacters;
    private long _steps;
    private long _characters;

    /// <summary>The limits of one rendering: 1 million steps and 8 million characters, and what the input adds.</summary>
    public Budget()
        : this(1_000_000, 8 << 20) { }

    /// <summary>For parsing, whose work is bounded by the length of the source.</summary>
    public static Budget CreateUnlimited() => new(long.MaxValue, long.MaxValue);

    /// <summary>Raises the limits by what an input justifies.</summary>
    /// <param name="length">Characters, and 16 for each value.</param>
    public void Allow(long length)
    {
        _maxSteps += StepsPerInput * length;
        _maxCharacters += CharactersPerInput * length;
    }

    /// <summary>Call before an expression or a statement is evaluated.</summary>
    /// <exception cref="TemplateFault">The rendering exceeds its limits.</exception>
    public void Evaluate()
    {
        Step();
        Make(CharactersPerStep);
    }

    /// <summary>Call before a scope or dict is created.</summary>
    /// <exception cref="TemplateFault">The rendering exceeds its limits.</exception>
    public void MakeTable() => Make(CharactersPerTable);

    /// <summary>Counts work.</summary>
    /// <exception cref="TemplateFault">The rendering exceeds its steps.</exception>
    public void Step(long count = 1)
    {
        if ((_steps += count) > _maxSteps)
        {
            throw new TemplateFault($"the template does more than {_maxSteps:N0} steps; it probably never ends");
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
        if ((_characters += length) > _maxCharacters)
        {
            throw new TemplateFault($"the template makes more than {_maxCharacters:N0} characters of text");
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
