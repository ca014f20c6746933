namespace ICPO.DataFiles.JsonLines;

/// <summary>A part of a stream that moves on and grows as far as one row needs: a file takes no more room than its longest row.</summary>
/// <param name="name">What errors call the stream.</param>
/// <param name="stream">Read from where it stands.</param>
internal sealed class ByteWindow(string name, Stream stream)
{
    private const int Longest = 64 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>What has been read and not been passed.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start, _end - _start);

    /// <summary>The line of the first byte, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Nothing comes behind <see cref="Bytes"/>.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads on; false where the stream has ended.</summary>
    /// <exception cref="InvalidDataException">The stream cannot be read, or a row is too long; names stream and line.</exception>
    public bool More()
    {
        if (_start > 0)
        {
            Bytes.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(
                ref _buffer,
                _end < Longest
                    ? 2 * _end
                    : throw new InvalidDataException(
                        $"{name}:{Line}: the row that begins here is longer than {Longest >> 20} MiB; write one JSON object on each line."
                    )
            );
        }

        int read = Fill(_buffer.AsSpan(_end));
        _end += read;
        HasEnded = read == 0;
        return read > 0;
    }

    /// <summary>Moves on.</summary>
    public void Pass(int count)
    {
        Line += Bytes[..count].Count((byte)'\n');
        _start += count;
    }

    private int Fill(Span<byte> buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new InvalidDataException(
                $"{name}:{Line}: the file cannot be read on ({error.Message.TrimEnd('.')}); check the disk.",
                error
            );
        }
    }
}
