namespace ICPO.Actors.Modeling;

/// <summary>
/// How much one rendering may do, so that no template hangs or fills the memory: <see cref="Steps"/> of evaluation and
/// <see cref="Characters"/> made in all.
/// </summary>
internal sealed class Budget
{
    private const long Steps = 20_000_000;
    private const long Characters = 256L << 20;

    private long _steps;
    private long _characters;

    public void Step(long count = 1)
    {
        if ((_steps += count) > Steps)
        {
            throw new TemplateFault($"the template does more than {Steps:N0} steps; it probably never ends");
        }
    }

    /// <summary>Called before text or a list is made, with its length in characters or elements.</summary>
    public void Make(long length)
    {
        if ((_characters += length) > Characters)
        {
            throw new TemplateFault($"the template makes more than {Characters:N0} characters of text");
        }
    }
}
