using System.Text;
using Spectre.Console;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>The terminal as Spectre.Console draws on it; it may be lost at any time.</summary>
internal sealed class LenientConsole : IAnsiConsoleOutput
{
    private const int DefaultWidth = 80,
        DefaultHeight = 24;

    private LenientConsole(TextWriter writer) => Writer = writer;

    public TextWriter Writer { get; }

    public bool IsTerminal => true;

    public int Width => Measure(() => Console.WindowWidth, DefaultWidth);

    public int Height => Measure(() => Console.WindowHeight, DefaultHeight);

    public void SetEncoding(Encoding encoding) => Console.OutputEncoding = encoding;

    /// <param name="writer">Standard output.</param>
    public static IAnsiConsole Create(TextWriter writer) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new LenientConsole(new LenientWriter(writer)) });

    private static int Measure(Func<int> read, int otherwise)
    {
        try
        {
            return read() is > 0 and int size ? size : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }
}
