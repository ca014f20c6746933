using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ICPO.Actors.Serving.Tests;

/// <summary>A request whose body does not arrive.</summary>
internal sealed class HangingRequest : IDisposable
{
    private readonly TcpClient _connection = new();
    private readonly StringBuilder _text = new();

    /// <summary>Sends the headers and waits until the server is reading the body.</summary>
    public static async Task<HangingRequest> SendAsync(int port, string path)
    {
        var request = new HangingRequest();
        await request._connection.ConnectAsync(IPAddress.Loopback, port, ServedModel.Deadline);
        string[] head =
        [
            $"POST {path} HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: 10",
            "Expect: 100-continue",
            "",
            "",
        ];
        await request._connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)), ServedModel.Deadline);
        Assert.Contains("100 Continue", await request.ReadAsync("\r\n\r\n"), StringComparison.Ordinal);
        return request;
    }

    /// <summary>What the server has sent, at least an error.</summary>
    public Task<string> ReadErrorAsync() => ReadAsync("}}");

    public void Dispose() => _connection.Dispose();

    private async Task<string> ReadAsync(string end)
    {
        byte[] buffer = new byte[4096];
        while (!_text.ToString().Contains(end, StringComparison.Ordinal))
        {
            int read = await _connection.GetStream().ReadAsync(buffer, ServedModel.Deadline);
            if (read == 0)
            {
                break;
            }

            _text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return _text.ToString();
    }
}
