using System.Net;
using System.Net.Sockets;

namespace ICPO.Actors.Tests.Journals;

/// <summary>
/// A proxy between a client and a database server. On request it forwards the next commit and breaks the connection once the server has
/// answered, so that the client cannot know whether it committed; or it breaks the connection and forwards the commit only when the client
/// writes again, after it has looked for what it wrote.
/// </summary>
internal sealed class LossyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private int _armed;
    private int _holding;
    private TaskCompletionSource? _held;

    public LossyProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many answers were lost.</summary>
    public int Lost { get; private set; }

    /// <summary>How many commits were forwarded late.</summary>
    public int Held { get; private set; }

    public void LoseNextCommit() => Volatile.Write(ref _armed, 1);

    public void HoldNextCommit() => Volatile.Write(ref _holding, 1);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient from = client,
            to = new();
        await to.ConnectAsync(IPAddress.Loopback, _server);
        NetworkStream asking = from.GetStream(),
            answering = to.GetStream();
        bool losing = false;
        byte[]? held = null;
        Task up = CopyAsync(asking, answering, bytes =>
        {
            bool commits = bytes.IndexOf("COMMIT"u8) >= 0;
            losing |= commits && Interlocked.Exchange(ref _armed, 0) == 1;
            if (commits && Interlocked.Exchange(ref _holding, 0) == 1)
            {
                held = bytes.ToArray();
                Volatile.Write(ref _held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                return false;
            }

            if (bytes.IndexOf("INSERT"u8) >= 0)
            {
                Volatile.Read(ref _held)?.TrySetResult();
            }

            return true;
        });
        Task down = CopyAsync(answering, asking, bytes =>
        {
            Lost += losing ? 1 : 0;
            return !losing;
        });
        await Task.WhenAny(up, down);
        if (held is not null)
        {
            // The server still has the transaction when its client has gone.
            from.Close();
            await _held!.Task;
            Held++;
            await answering.WriteAsync(held);
            await down;
        }
    }

    /// <summary>Until either end closes or <paramref name="pass"/> says no.</summary>
    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<ReadOnlySpan<byte>, bool> pass)
    {
        byte[] bytes = new byte[64 * 1024];
        try
        {
            for (int read; (read = await from.ReadAsync(bytes)) > 0 && pass(bytes.AsSpan(0, read)); )
            {
                await to.WriteAsync(bytes.AsMemory(0, read));
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // The other end has gone.
        }
    }
}
