using System.Globalization;
using System.Text;
using Fuzz.Mutation;
using Fuzz.Readers;

namespace Fuzz.Running;

/// <summary>
/// The side that reads, in a process of its own. It writes a finding as "found N kind message", and "read N" at the end.
/// </summary>
internal static class Worker
{
    /// <summary>The stack of the thread that reads; that of a main thread on most systems is as large.</summary>
    private const int StackBytes = 8 << 20;

    private const int SlowTries = 3;

    /// <param name="reader">The reader.</param>
    /// <param name="first">Number of the first input.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="progress">Gets the number of each input before it is read.</param>
    /// <param name="output">Gets the findings.</param>
    public static void Run(Reader reader, long first, long count, Progress progress, TextWriter output)
    {
        var mutator = new Mutator(reader.Name, reader.Seeds(), reader.Words);
        var thread = new Thread(
            () =>
            {
                foreach (byte[] seed in reader.Seeds())
                {
                    Try(reader, seed, out _, out _);
                }

                long read = 0;
                for (long number = first; read < count; number++, read++)
                {
                    progress.Number = number;
                    if (Judge(reader, mutator.Make(number)) is { } problem)
                    {
                        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"found {number} {problem}"));
                        output.Flush();
                    }
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"read {read}"));
                output.Flush();
            },
            StackBytes
        );
        thread.Start();
        thread.Join();
        Scratch.Delete();
    }

    /// <summary>What is wrong with how an input was read; null if nothing is.</summary>
    public static string? Judge(Reader reader, byte[] input)
    {
        if (Try(reader, input, out TimeSpan time, out long bytes) is { } unclear)
        {
            return $"unclear {unclear.GetType().Name}: {Line(unclear)}";
        }

        if (bytes > Bound.Bytes(input.Length))
        {
            // The first time may include tables that are made once.
            Try(reader, input, out time, out bytes);
            if (bytes > Bound.Bytes(input.Length))
            {
                return $"memory: {bytes >> 20} MB for {input.Length} bytes";
            }
        }

        // What is made once, by the runtime too, does not count: the fastest of some tries does.
        for (int i = 1; i < SlowTries && time > Bound.Time; i++)
        {
            Try(reader, input, out TimeSpan again, out _);
            time = again < time ? again : time;
        }

        return time > Bound.Time ? $"time: {time.TotalMilliseconds:0} ms for {input.Length} bytes" : null;
    }

    private static Exception? Try(Reader reader, byte[] input, out TimeSpan time, out long bytes)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan begun = ThreadClock.Now;
        Exception? error = null;
        try
        {
            reader.Read(input);
        }
        catch (Exception e)
        {
            error = reader.IsClear(e) ? null : e;
        }

        time = ThreadClock.Now - begun;
        bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return error;
    }

    private static string Line(Exception error)
    {
        string at = error
            .StackTrace?.Split('\n')
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Contains("ICPO", StringComparison.Ordinal))
            ?? "";
        StringBuilder text = new StringBuilder($"{error.Message} {at}").Replace('\n', ' ').Replace('\r', ' ');
        return text.Length <= 400 ? text.ToString() : text.ToString(0, 400);
    }
}
