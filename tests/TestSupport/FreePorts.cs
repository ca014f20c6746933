using System.Net;
using System.Net.Sockets;

namespace TestSupport;

/// <summary>Ports of the loopback address that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>Different ports; another process may take one before it is used.</summary>
    public static int[] Take(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
