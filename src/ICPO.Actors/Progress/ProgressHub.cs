using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ICPO.Actors.Progress;

/// <summary>Publishes progress to any number of listeners. A slow listener misses old progress, never the last.</summary>
public sealed class ProgressHub
{
    private const int Capacity = 256;
    private readonly Lock _gate = new();
    private readonly List<Channel<RunProgress>> _listeners = [];
    private RunProgress? _last;
    private bool _ended;

    /// <summary>The newest progress; null before the first.</summary>
    public RunProgress? Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void Publish(RunProgress progress)
    {
        lock (_gate)
        {
            _last = progress;
            foreach (Channel<RunProgress> listener in _listeners)
            {
                listener.Writer.TryWrite(progress);
            }
        }
    }

    /// <summary>Completes all listeners.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (Channel<RunProgress> listener in _listeners)
            {
                listener.Writer.TryComplete();
            }
        }
    }

    /// <summary>The newest progress, if any, then all that follows.</summary>
    public async IAsyncEnumerable<RunProgress> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<RunProgress>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        lock (_gate)
        {
            if (_last is not null)
            {
                channel.Writer.TryWrite(_last);
            }

            if (_ended)
            {
                channel.Writer.TryComplete();
            }
            else
            {
                _listeners.Add(channel);
            }
        }

        try
        {
            await foreach (RunProgress progress in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return progress;
            }
        }
        finally
        {
            lock (_gate)
            {
                _listeners.Remove(channel);
            }
        }
    }
}
