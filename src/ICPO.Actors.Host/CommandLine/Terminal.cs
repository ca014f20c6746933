using Spectre.Console;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>Where a command writes.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors and notes.</param>
/// <param name="Rich">A terminal that can be drawn on; null where output is redirected.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, IAnsiConsole? Rich)
{
    /// <summary>Notes, beside the results.</summary>
    public void Say(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            Error.WriteLine($"icpo: note: {note}");
        }
    }

    public static Terminal Of(TextWriter output, TextWriter error)
    {
        bool plain =
            Console.IsOutputRedirected
            || Environment.GetEnvironmentVariable("TERM") is "dumb"
            || !AnsiConsole.Console.Profile.Capabilities.Interactive;
        return new Terminal(output, error, plain ? null : AnsiConsole.Console);
    }
}
