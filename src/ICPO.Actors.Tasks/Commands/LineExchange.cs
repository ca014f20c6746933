using System.Runtime.ExceptionServices;

namespace ICPO.Actors.Tasks.Commands;

/// <summary>
/// Sends lines to a process and reads its answers on a separate thread: a pipe stays open while any process holds it, so a child that
/// outlives its parent could block a read or write for ever. The caller continues once <see cref="Stop"/> is called; the streams are
/// disposed when nothing uses them any more.
/// </summary>
internal sealed class LineExchange
{
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly LineReader _lines;
    private readonly object _gate = new();
    private byte[]? _asked;
    private (ReadOnlyMemory<byte>? Line, ExceptionDispatchInfo? Error)? _answer;
    private bool _stopped;

    /// <param name="input">The input of the process; owned.</param>
    /// <param name="output">Its output; owned.</param>
    /// <param name="maxBytes">Longest answer.</param>
    public LineExchange(Stream input, Stream output, int maxBytes)
    {
        (_input, _output, _lines) = (input, output, new LineReader(output, maxBytes));
        new Thread(Run) { Name = "command", IsBackground = true }.Start();
    }

    /// <summary>Sends a line and waits for the next one; used by one thread at a time.</summary>
    /// <returns>Null at the end of the output or once stopped. Valid until the next call.</returns>
    /// <exception cref="InvalidDataException">The process sent too much; the message is a clause after "it sent".</exception>
    /// <exception cref="IOException">The process does not read its input.</exception>
    public ReadOnlyMemory<byte>? Ask(byte[] line)
    {
        lock (_gate)
        {
            (_asked, _answer) = (line, null);
            Monitor.PulseAll(_gate);
            while (_answer is null && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            _answer?.Error?.Throw();
            return _answer?.Line;
        }
    }

    /// <summary>Ends the wait for an answer, now and later; called from any thread.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        while (NextLine() is { } line)
        {
            (ReadOnlyMemory<byte>?, ExceptionDispatchInfo?) answer = Exchange(line);
            lock (_gate)
            {
                _answer = answer;
                Monitor.PulseAll(_gate);
            }
        }

        // Here, because disposing a pipe waits for a thread that reads it.
        _input.Dispose();
        _output.Dispose();
    }

    private byte[]? NextLine()
    {
        lock (_gate)
        {
            while (_asked is null && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            byte[]? line = _stopped ? null : _asked;
            _asked = null;
            return line;
        }
    }

    private (ReadOnlyMemory<byte>?, ExceptionDispatchInfo?) Exchange(byte[] line)
    {
        try
        {
            if (_lines.HasRest)
            {
                throw new InvalidDataException("more than one line for the case before this one");
            }

            _input.Write(line);
            _input.Flush();
            return (_lines.Read(), null);
        }
        catch (Exception error)
        {
            return (null, ExceptionDispatchInfo.Capture(error));
        }
    }
}
