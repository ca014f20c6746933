using System.Diagnostics;
using System.Threading.Channels;

namespace EndToEnd.Tests.Clusters.Networks;

/// <summary>A link that delays every frame and loses some: frames pass through this process, since kernels may lack netem.</summary>
/// <param name="delay">Of every frame, in each direction.</param>
/// <param name="loss">Share of frames that are lost.</param>
/// <param name="seed">Decides which.</param>
internal sealed class SlowLink(TimeSpan delay, double loss, int seed) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<TapDevice> _devices = [];
    private int _lost;
    private int _passed;

    /// <summary>Frames that were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Frames that arrived.</summary>
    public int Passed => Volatile.Read(ref _passed);

    /// <summary>Makes a device in each of two namespaces, and joins them.</summary>
    public void Start(int firstProcess, string firstName, int secondProcess, string secondName)
    {
        var first = TapDevice.Open(firstProcess, firstName);
        var second = TapDevice.Open(secondProcess, secondName);
        _devices.AddRange([first, second]);
        Join(first, second, new Random(seed));
        Join(second, first, new Random(seed + 1));
    }

    public void Dispose()
    {
        _end.Cancel();
        _devices.ForEach(device => device.Dispose());
        _end.Dispose();
    }

    private void Join(TapDevice from, TapDevice to, Random random)
    {
        var frames = Channel.CreateUnbounded<(long At, byte[] Frame)>();
        CancellationToken end = _end.Token;
        new Thread(() => Read(from, frames.Writer, random, end)) { IsBackground = true }.Start();
        _ = WriteAsync(frames.Reader, to, end);
    }

    private void Read(TapDevice from, ChannelWriter<(long, byte[])> frames, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (from.Read() is not { } frame)
            {
                continue;
            }

            if (random.NextDouble() < loss)
            {
                Interlocked.Increment(ref _lost);
            }
            else
            {
                frames.TryWrite((Stopwatch.GetTimestamp(), frame));
            }
        }
    }

    private async Task WriteAsync(ChannelReader<(long At, byte[] Frame)> frames, TapDevice to, CancellationToken end)
    {
        await foreach ((long at, byte[] frame) in frames.ReadAllAsync(end))
        {
            TimeSpan left = delay - Stopwatch.GetElapsedTime(at);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, end);
            }

            to.Write(frame);
            Interlocked.Increment(ref _passed);
        }
    }
}
