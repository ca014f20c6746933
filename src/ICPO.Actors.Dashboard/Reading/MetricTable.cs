using System.Buffers;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>
/// The numbers of a run's <c>metrics.jsonl</c> as columns. A line is parsed once: where the file has grown, its new lines are added to a
/// copy of the columns, so that readers of earlier ones are not disturbed. Thread-safe.
/// </summary>
/// <param name="path">A file that need not exist; a writer may have it open.</param>
internal sealed class MetricTable(string path)
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>A longer line was not written by a run.</summary>
    private const int MaxLineBytes = 1 << 20;

    private readonly Lock _lock = new();
    private MetricColumns _columns = new();
    private long _offset;
    private DateTime _created;

    /// <summary>The current content of the file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public MetricColumns Read()
    {
        lock (_lock)
        {
            if (File.Exists(path))
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
                Follow(file);
            }

            return _columns;
        }
    }

    private void Follow(FileStream file)
    {
        DateTime created = File.GetCreationTimeUtc(path);
        if (file.Length < _offset || (created != _created && !Continues(file)))
        {
            (_columns, _offset) = (new MetricColumns(), 0);
        }

        _created = created;
        if (file.Length == _offset)
        {
            return;
        }

        // Readers of the previous content keep it.
        MetricColumns next = _columns.Copy();
        file.Position = _offset;
        _offset += Parse(file, next);
        next.Complete();
        _columns = next;
    }

    /// <summary>A file that was replaced is read again, unless it still ends a line where the previous one did.</summary>
    private bool Continues(FileStream file)
    {
        if (_offset == 0 || _created == default)
        {
            return false;
        }

        file.Position = _offset - 1;
        return file.ReadByte() == '\n';
    }

    /// <summary>Reads complete lines and returns their length; a last line without its end is left for the next time.</summary>
    private static long Parse(FileStream file, MetricColumns columns)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            (long consumed, int held) = (0, 0);
            for (int read; (read = file.Read(buffer, held, buffer.Length - held)) > 0; )
            {
                int length = held + read;
                int used = Lines(buffer.AsSpan(0, length), columns);
                consumed += used;
                held = length - used;
                buffer.AsSpan(used, held).CopyTo(buffer);
                if (held == buffer.Length)
                {
                    buffer = Grow(buffer, held);
                }
            }

            return consumed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int held)
    {
        if (held > MaxLineBytes)
        {
            throw new InvalidDataException("metrics.jsonl holds a line of more than 1 MiB; restore the file from a copy or delete it.");
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(2 * held);
        buffer.AsSpan(0, held).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static int Lines(ReadOnlySpan<byte> text, MetricColumns columns)
    {
        int used = 0;
        for (int end; (end = text[used..].IndexOf((byte)'\n')) >= 0; used += end + 1)
        {
            ReadOnlySpan<byte> line = text.Slice(used, end);
            if (!line.IsEmpty && !MetricLine.Add(line, columns))
            {
                columns.BrokenLines++;
            }
        }

        return used;
    }
}
