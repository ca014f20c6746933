namespace ICPO.Actors.RunFiles.Restoring;

/// <summary>A record of a run directory, which is also stored with a journal on a server (table <c>run_note</c>).</summary>
/// <param name="Kind">One of <see cref="RunLineKinds"/>.</param>
/// <param name="Number">Distinguishes lines of a kind and gives their order.</param>
/// <param name="Json">A JSON value.</param>
public sealed record RunLine(string Kind, long Number, string Json);

/// <summary>The kinds of <see cref="RunLine"/>.</summary>
public static class RunLineKinds
{
    /// <summary>The text of <c>effective.conf</c>, as a JSON string.</summary>
    public const string Configuration = "configuration";

    /// <summary>The content of <c>inputs.json</c>.</summary>
    public const string Inputs = "inputs";

    /// <summary>A line of <c>events.jsonl</c>; its number is its time in ticks, incremented for equal times.</summary>
    public const string Event = "event";

    /// <summary>A line of <c>metrics.jsonl</c> about an update; its number is the version.</summary>
    public const string Update = "update";

    /// <summary>A line of <c>metrics.jsonl</c> about an evaluation; its number is the version.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>The content of <c>nodes.json</c>.</summary>
    public const string Nodes = "nodes";
}
