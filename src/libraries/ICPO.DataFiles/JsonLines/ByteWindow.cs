namespace ICPO.DataFiles.JsonLines;

/// <summary>A sliding buffer over a stream that grows to the size of one row: memory is bounded by the longest row.</summary>
/// <param name="name">The stream's name in errors.</param>
/// <param name="stream">Read from its current position.</param>
internal sealed class ByteWindow(string name, Stream stream)
{
    private const int MaxRowBytes = 64 << 20;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The bytes read and not yet consumed.</summary>
    public ReadOnlySpan<byte> Bytes => Memory.Span;

    /// <summary>As <see cref="Bytes"/>; its content is valid until <see cref="ReadMore"/> is called.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, _end - _start);

    /// <summary>The line of the first byte, 1-based.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The stream has no data after <see cref="Bytes"/>.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads more bytes; false at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The stream cannot be read, or a row is too long; names stream and line.</exception>
    public bool ReadMore()
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
                _end < MaxRowBytes
                    ? 2 * _end
                    : throw new InvalidDataException(
                        $"{name}:{Line}: the row that begins here is longer than {MaxRowBytes >> 20} MiB; write one JSON "
                            + "object on each line."
                    )
            );
        }

        int read = Fill(_buffer.AsSpan(_end));
        _end += read;
        HasEnded = read == 0;
        return read > 0;
    }

    /// <summary>Consumes bytes.</summary>
    public void Advance(int count)
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
                $"{name}:{Line}: the rest of the file cannot be read ({error.Message.TrimEnd('.')}); check the disk.",
                error
            );
        }
    }
}
