using Spectre.Console;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>The output of a command.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors and notes.</param>
/// <param name="Rich">An interactive terminal; null if the output is redirected.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, IAnsiConsole? Rich)
{
    public static Terminal Create(TextWriter output, TextWriter error)
    {
        bool plain =
            Console.IsOutputRedirected
            || Environment.GetEnvironmentVariable("TERM") is "dumb"
            || !AnsiConsole.Console.Profile.Capabilities.Interactive;
        return new Terminal(output, new LenientWriter(error), plain ? null : LenientConsole.Create(output));
    }

    /// <summary>This terminal for work that goes on when nothing can be written any more.</summary>
    public Terminal Lenient() => this with { Out = new LenientWriter(Out) };

    /// <summary>Writes a message to the error output, after the program's name.</summary>
    public void WriteError(string message) => Error.WriteLine($"icpo: {message}");

    /// <summary>Writes notes to the error output.</summary>
    public void WriteNotes(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            WriteError($"note: {note}");
        }
    }
}
