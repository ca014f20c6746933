using System.Globalization;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Dashboard;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Dashboards;

/// <summary>The address of a dashboard on the command line.</summary>
internal static class DashboardAddress
{
    private const int MaxPort = 65535;

    /// <summary>Reads <c>host:port</c>, <c>[address]:port</c> or a port of the loopback address.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static ListenAddress Parse(string text, string option)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? DashboardOptions.Default.Host : text[..colon].Trim('[', ']');
        bool isPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        return host.Length > 0 && isPort && port <= MaxPort
            ? new ListenAddress(host, port)
            : throw new UsageException(
                $"{option} '{text}': not an address; write it as host:port, such as 127.0.0.1:{DashboardOptions.DefaultPort}, or a port."
            );
    }
}
