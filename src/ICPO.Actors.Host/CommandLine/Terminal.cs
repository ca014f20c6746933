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

    /// <summary>This terminal for work that continues when output is no longer possible.</summary>
    public Terminal Lenient() => this with { Out = new LenientWriter(Out) };

    /// <summary>This terminal with a JSON object per line, for programs that collect logs.</summary>
    /// <param name="fields">Fields of all lines; empty ones are omitted.</param>
    public Terminal AsJson(Func<IEnumerable<KeyValuePair<string, string>>> fields) =>
        new(
            new JsonLineWriter(Out, "information", fields, TimeProvider.System),
            new JsonLineWriter(Error, "error", fields, TimeProvider.System),
            Rich: null
        );

    /// <summary>Writes a message to the error output, after the program's name.</summary>
    public void WriteError(string message) => Error.WriteLine($"icpo: {message}");

    /// <summary>Writes notes to the error output.</summary>
    public void WriteNotes(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            WriteNote(note);
        }
    }

    /// <summary>Writes a note to the error output.</summary>
    public void WriteNote(string note) => WriteError($"note: {note}");
}
