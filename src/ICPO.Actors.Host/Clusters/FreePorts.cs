using System.Net;
using System.Net.Sockets;

namespace ICPO.Actors.Host.Clusters;

/// <summary>Unused ports of the loopback address.</summary>
internal static class FreePorts
{
    /// <summary>Returns different ports; another process may occupy one before it is used.</summary>
    public static int[] Take(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Start();
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}
