using System.Text;

namespace ICPO.Actors.Tasks.Processes;

/// <summary>
/// Reads the error output of a process until it ends, so that the process never blocks on it, and keeps its first or last characters.
/// </summary>
internal sealed class ErrorOutput : IDisposable
{
    private const int MaxKept = 2000;

    private readonly Stream _stream;
    private readonly bool _last;
    private readonly StringBuilder _kept = new();
    private bool _ended;

    public ErrorOutput(Stream stream, bool last)
    {
        (_stream, _last) = (stream, last);
        _ = ReadAsync();
    }

    /// <summary>
    /// The first or last line that is not empty, after waiting for the end of the output; empty if there is none. Control characters, which
    /// a terminal would act on, are replaced.
    /// </summary>
    public string Line(TimeSpan wait)
    {
        string[] lines;
        lock (_kept)
        {
            _ = _ended || Monitor.Wait(_kept, wait);
            lines = _kept.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return lines.Length == 0 ? "" : string.Concat(lines[_last ? ^1 : 0].Select(c => char.IsControl(c) ? '\uFFFD' : c));
    }

    public void Dispose() => _stream.Dispose();

    private async Task ReadAsync()
    {
        byte[] bytes = new byte[4096];
        char[] text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        try
        {
            int read;
            while ((read = await _stream.ReadAsync(bytes).ConfigureAwait(false)) > 0)
            {
                Keep(text.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), text, flush: false)));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process has ended.
        }
        finally
        {
            lock (_kept)
            {
                _ended = true;
                Monitor.PulseAll(_kept);
            }
        }
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        lock (_kept)
        {
            if (!_last)
            {
                _kept.Append(text[..Math.Min(text.Length, Math.Max(0, MaxKept - _kept.Length))]);
                return;
            }

            _kept.Append(text);
            _kept.Remove(0, Math.Max(0, _kept.Length - MaxKept));
        }
    }
}
