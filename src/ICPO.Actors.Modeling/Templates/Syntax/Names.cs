namespace ICPO.Actors.Modeling;

/// <summary>
/// The names of one frame (the template, a loop's body, a macro), as Jinja2's compiler sees them: what a frame assigns before it
/// reads it is its own and undefined at its start, also for a loop or macro inside that runs before the assignment.
/// </summary>
internal sealed class Names(Names? outer)
{
    private Dictionary<string, bool> _blank = [];
    private HashSet<string> _assigned = [];

    /// <summary>What is undefined when the frame begins.</summary>
    public IReadOnlyList<string> Blank => field ??= [.. _blank.Where(n => n.Value && outer?.Knows(n.Key) != true).Select(n => n.Key)];

    /// <summary>What is known at one place of the frame.</summary>
    internal readonly record struct State(Dictionary<string, bool> Blank, HashSet<string> Assigned);

    public State Now => new(new(_blank), [.. _assigned]);

    public void Read(string name) => _blank.TryAdd(name, false);

    public void Assign(string name)
    {
        _assigned.Add(name);
        _blank.TryAdd(name, true);
    }

    /// <summary>A parameter or a loop's variable.</summary>
    public void Declare(string name)
    {
        _assigned.Add(name);
        _blank[name] = false;
    }

    public void Return(State state) => (_blank, _assigned) = (new(state.Blank), [.. state.Assigned]);

    /// <summary>After a condition, from where it began: what only some of its branches assign may come from outside as well.</summary>
    public void Join(State start, params State[] branches)
    {
        Return(start);
        string[] partly = [.. branches.SelectMany(b => b.Assigned.Except(start.Assigned)).CountBy(n => n).Where(n => n.Value < branches.Length).Select(n => n.Key)];
        foreach (var branch in branches)
        {
            _assigned.UnionWith(branch.Assigned);
            foreach (var (name, blank) in branch.Blank)
            {
                _blank[name] = blank;
            }
        }

        foreach (string name in partly)
        {
            _blank[name] = false;
        }
    }

    private bool Knows(string name) => _blank.ContainsKey(name) || outer?.Knows(name) == true;
}
