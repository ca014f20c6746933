namespace ICPO.Actors.Tasks.Commands;

/// <summary>Reads lines of a process with a bound on their length. Lines that are empty or white space are skipped.</summary>
internal sealed class LineReader(Stream stream, int maxBytes)
{
    private byte[] _bytes = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>True if output is waiting that no case has asked for.</summary>
    public bool HasRest => _bytes.AsSpan(_start, _end - _start).IndexOfAnyExcept(" \t\r\n"u8) >= 0;

    /// <summary>The next line without its end; null at the end of the stream, also inside a line.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public ReadOnlyMemory<byte>? Read()
    {
        int scanned = 0;
        for (; ; )
        {
            int at = _bytes.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (at >= 0)
            {
                ReadOnlyMemory<byte> line = _bytes.AsMemory(_start, scanned + at);
                (_start, scanned) = (_start + scanned + at + 1, 0);
                if (line.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
                {
                    return line;
                }

                continue;
            }

            scanned = _end - _start;
            if (scanned > maxBytes)
            {
                throw new InvalidDataException($"a line of more than {maxBytes} bytes");
            }

            MakeRoom();
            int read = stream.Read(_bytes.AsSpan(_end));
            if (read == 0)
            {
                return null;
            }

            _end += read;
        }
    }

    /// <summary>Moves the rest to the front, into a larger array if it fills this one.</summary>
    private void MakeRoom()
    {
        int length = _end - _start;
        byte[] target = length > _bytes.Length / 2 ? new byte[2 * _bytes.Length] : _bytes;
        Buffer.BlockCopy(_bytes, _start, target, 0, length);
        (_bytes, _start, _end) = (target, 0, length);
    }
}
