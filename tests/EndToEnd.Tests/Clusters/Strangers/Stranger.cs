using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EndToEnd.Tests.Clusters.Strangers;

/// <summary>Connects to a port, sends bytes and goes, from changing addresses, so that no port runs out.</summary>
/// <param name="port">Of the core.</param>
internal sealed class Stranger(int port)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private int _connections;

    /// <summary>Sends bytes and goes without an answer.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        using TcpClient client = await ConnectAsync();
        try
        {
            await client.GetStream().WriteAsync(bytes);
        }
        catch (Exception error) when (IsClosed(error))
        {
            // The core may close the connection.
        }
    }

    /// <summary>Sends bytes after a handshake with a certificate that the cluster's authority has not signed.</summary>
    public async Task SendSecurelyAsync(byte[] bytes, X509Certificate2 certificate)
    {
        using TcpClient client = await ConnectAsync();
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "core",
            ClientCertificates = [certificate],
#pragma warning disable CA5359 // A stranger trusts whomever it wants to reach.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        };
        try
        {
            await using var secure = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
            await secure.AuthenticateAsClientAsync(options).WaitAsync(Patience);
            await secure.WriteAsync(bytes);
        }
        catch (Exception error) when (IsClosed(error) || error is System.Security.Authentication.AuthenticationException)
        {
            // The core has refused it.
        }
    }

    /// <summary>Sends a request and reads the answer; empty where the connection was closed without one.</summary>
    public async Task<string> AskAsync(byte[] request)
    {
        using TcpClient client = await ConnectAsync();
        byte[] answer = new byte[LargestAnswer];
        try
        {
            await client.GetStream().WriteAsync(request);
            client.Client.Shutdown(SocketShutdown.Send);
            using var patience = new CancellationTokenSource(Patience);
            int length = await client.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, patience.Token);
            return Encoding.Latin1.GetString(answer, 0, length);
        }
        catch (Exception error) when (IsClosed(error))
        {
            return "";
        }
    }

    private static bool IsClosed(Exception error) => error is IOException or SocketException or InvalidOperationException;

    private const int LargestAnswer = 1 << 16;

    private async Task<TcpClient> ConnectAsync()
    {
        int number = Interlocked.Increment(ref _connections);
        var client = new TcpClient(new IPEndPoint(IPAddress.Parse($"127.0.1.{1 + (number % 250)}"), 0)) { LingerState = new(true, 0) };
        await client.ConnectAsync(IPAddress.Loopback, port).WaitAsync(Patience);
        return client;
    }
}
