namespace ICPO.Jinja.Syntax;

/// <summary>
/// The names of one frame (the template, a loop's body, a macro), as in Jinja2's compiler: a name that a frame assigns, outside of
/// conditions, before reading it is local to it and undefined at its start, also for inner loops and macros that run before the assignment.
/// </summary>
internal sealed class Names(Names? outer)
{
    private readonly Dictionary<string, bool> _blank = [];

    /// <summary>Number of conditions around the current position.</summary>
    public int Conditions { get; set; }

    /// <summary>The names that are undefined at the start of the frame.</summary>
    public IReadOnlyList<string> Blank => field ??= [.. _blank.Where(n => n.Value && outer?.Knows(n.Key) != true).Select(n => n.Key)];

    public void Read(string name) => _blank.TryAdd(name, false);

    public void Assign(string name) => _blank.TryAdd(name, Conditions == 0);

    /// <summary>A parameter or a loop's variable.</summary>
    public void Declare(string name) => _blank[name] = false;

    private Names? Outer => outer;

    private bool Knows(string name)
    {
        Names? names = this;
        while (names is not null && !names._blank.ContainsKey(name))
        {
            names = names.Outer;
        }

        return names is not null;
    }
}
