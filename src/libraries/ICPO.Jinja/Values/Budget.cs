namespace ICPO.Jinja.Values;

/// <summary>
/// How much one rendering may do, so that no template hangs or fills the memory: <see cref="Steps"/> of evaluation, to which
/// text that is searched counts too, and <see cref="Characters"/> made in all, to which the elements of lists count too.
/// </summary>
internal sealed class Budget
{
    private const long Steps = 20_000_000;
    private const long Characters = 256L << 20;

    /// <summary>An element of a list takes about as much memory as so many characters: its place in the list, and an object.</summary>
    public const int CharactersOfElement = 16;

    private long _steps;
    private long _characters;

    /// <summary>Called before something is evaluated.</summary>
    public void Step(long count = 1)
    {
        if ((_steps += count) > Steps)
        {
            throw new TemplateFault($"the template does more than {Steps:N0} steps; it probably never ends");
        }
    }

    /// <summary>Called before text is made, or as its parts are, with the length in characters.</summary>
    public void Make(long length)
    {
        if ((_characters += length) > Characters)
        {
            throw new TemplateFault($"the template makes more than {Characters:N0} characters of text");
        }
    }

    /// <summary>Called before a list is made, or as it grows.</summary>
    public void MakeElements(long count) => Make(count * CharactersOfElement);
}
