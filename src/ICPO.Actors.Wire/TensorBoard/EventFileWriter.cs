using System.Buffers;
using System.Globalization;
using Google.Protobuf;
using ICPO.Actors.Wire.Proto.TensorBoard;
using ICPO.Actors.Wire.Records;

namespace ICPO.Actors.Wire.TensorBoard;

/// <summary>
/// Writes a TensorBoard event file (TFRecord frames of Event messages, <c>brain.Event:2</c>). Every file is a new one, so a
/// resumed run adds a file and TensorBoard shows both as one curve. Thread-safe; what was flushed survives the process.
/// </summary>
public sealed class EventFileWriter : IDisposable
{
    private const int StringType = 7;
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly FileStream _file;

    /// <summary>Creates an event file in a directory, which is created if it does not exist.</summary>
    /// <param name="directory">TensorBoard's name for the run is this directory's.</param>
    /// <param name="clock">Gives each event its wall time.</param>
    /// <exception cref="IOException">The file cannot be made or written; names it.</exception>
    public EventFileWriter(string directory, TimeProvider clock)
    {
        _clock = clock;
        (Path, _file) = Create(System.IO.Path.GetFullPath(directory), clock.GetUtcNow().ToUnixTimeSeconds());
        try
        {
            Append(new() { FileVersion = "brain.Event:2" });
            Flush();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file that is being written.</summary>
    public string Path { get; }

    /// <summary>A point of a curve. Kept in single precision, as TensorBoard does; not-a-number and infinities are shown as such.</summary>
    public void Scalar(string tag, long step, double value) => Append(step, new() { Tag = tag, SimpleValue = (float)value });

    /// <summary>
    /// The distribution of some values, in <paramref name="buckets"/> of equal width between the least and the largest finite one.
    /// </summary>
    /// <remarks>Values that are not finite have no place in it; where no value is finite, nothing is written.</remarks>
    public void Histogram(string tag, long step, ReadOnlySpan<double> values, int buckets = 30)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buckets);
        double[] finite = Array.FindAll(values.ToArray(), double.IsFinite);
        if (finite.Length > 0)
        {
            Append(step, new() { Tag = tag, Histogram = Distribution(finite, buckets) });
        }
    }

    /// <summary>A text in Markdown.</summary>
    public void Text(string tag, long step, string markdown) =>
        Append(
            step,
            new()
            {
                Tag = tag,
                Metadata = new() { PluginData = new() { PluginName = "text" } },
                Tensor = new()
                {
                    Dtype = StringType,
                    TensorShape = new() { Dim = { new TensorShape.Types.Dimension { Size = 1 } } },
                    StringVal = { ByteString.CopyFromUtf8(markdown) },
                },
            }
        );

    /// <summary>Flushes everything written so far to the operating system, so that readers see it.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            Guarded(_file.Flush);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Guarded(_file.Dispose);
        }
    }

    private static (string Path, FileStream File) Create(string directory, long seconds)
    {
        for (int number = 0; ; number++)
        {
            string name = string.Create(
                CultureInfo.InvariantCulture,
                $"events.out.tfevents.{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}.{number}"
            );
            string path = System.IO.Path.Combine(directory, name);
            try
            {
                Directory.CreateDirectory(directory);
                return (path, new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024));
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another writer of this second and process has it: take the next number.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"Cannot create the event file {path}: {e.Message} Make the directory writable.", e);
            }
        }
    }

    private static Histogram Distribution(double[] values, int buckets)
    {
        double min = values.Min();
        double max = values.Max();
        buckets = max > min ? buckets : 1;
        double[] counts = new double[buckets];
        Histogram histogram = new()
        {
            Min = min,
            Max = max,
            Num = values.Length,
        };
        foreach (double value in values)
        {
            // Halves keep the difference finite where min and max are far apart.
            double place = max > min ? (value / 2 - min / 2) / (max / 2 - min / 2) : 0;
            counts[Math.Min((int)(place * buckets), buckets - 1)]++;
            histogram.Sum += value;
            histogram.SumSquares += value * value;
        }

        for (int i = 0; i < buckets; i++)
        {
            double share = (double)(i + 1) / buckets;
            histogram.BucketLimit.Add(i == buckets - 1 ? max : min * (1 - share) + max * share);
            histogram.Bucket.Add(counts[i]);
        }

        return histogram;
    }

    private void Append(long step, Summary.Types.Value value) =>
        Append(
            new()
            {
                Step = step,
                Summary = new() { Value = { value } },
            }
        );

    private void Append(Event what)
    {
        what.WallTime = _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        byte[] payload = what.ToByteArray();
        int size = payload.Length + RecordFrame.Overhead;
        byte[] record = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            RecordFrame.Write(payload, record.AsSpan(0, size));
            lock (_gate)
            {
                Guarded(() => _file.Write(record, 0, size));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(record);
        }
    }

    private void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (IOException e)
        {
            throw new IOException($"Cannot write the event file {Path}: {e.Message} Free space on that disk, then start again.", e);
        }
    }
}
