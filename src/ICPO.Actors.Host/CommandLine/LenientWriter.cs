using System.Text;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>
/// Writes as long as possible: when the terminal is lost, or the disk of a redirected output is full, further output is dropped. For output
/// of work that must continue.
/// </summary>
internal sealed class LenientWriter(TextWriter inner) : TextWriter
{
    private volatile bool _lost;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (_lost)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _lost = true;
        }
    }
}
