using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EndToEnd.Tests.Clusters.Telemetry;

/// <summary>Stands in for a collector: takes OTLP over HTTP and keeps the spans; counts what came of metrics.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<OtlpSpan> _spans = [];
    private int _metrics;

    public OtlpReceiver()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Address { get; }

    public IReadOnlyList<OtlpSpan> Spans => [.. _spans];

    /// <summary>Exports of metrics that arrived.</summary>
    public int Metrics => Volatile.Read(ref _metrics);

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext request;
            try
            {
                request = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await request.Request.InputStream.CopyToAsync(body);
            if (request.Request.Url!.AbsolutePath == "/v1/traces")
            {
                foreach (OtlpSpan span in OtlpSpan.Read(body.ToArray()))
                {
                    _spans.Enqueue(span);
                }
            }
            else
            {
                Interlocked.Increment(ref _metrics);
            }

            request.Response.ContentType = "application/x-protobuf";
            request.Response.Close();
        }
    }
}
