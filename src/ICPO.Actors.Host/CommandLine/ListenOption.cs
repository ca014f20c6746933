using System.CommandLine;
using System.Globalization;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Host.CommandLine;

/// <summary>The address of a server on the command line.</summary>
internal static class ListenOption
{
    private const int MaxPort = 65535;

    /// <param name="usual">The address if it is omitted.</param>
    /// <param name="keyVariable">The environment variable of the key.</param>
    public static Option<string?> Create(ListenAddress usual, string keyVariable) =>
        new("--listen")
        {
            Description =
                $"Address and port; {usual.Host}:{usual.Port} if omitted. Port 0 is a free one. On an address that other machines reach, "
                + $"requests need the key that is printed (or that of {keyVariable}).",
            HelpName = "HOST:PORT",
        };

    /// <summary>Reads <c>host:port</c>, <c>[address]:port</c> or a port of the usual host; null is the usual address.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    public static ListenAddress Parse(string? text, string option, ListenAddress usual)
    {
        if (text is null)
        {
            return usual;
        }

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? usual.Host : text[..colon].Trim('[', ']');
        bool isPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        return host.Length > 0 && isPort && port <= MaxPort
            ? new ListenAddress(host, port)
            : throw new UsageException(
                $"{option} '{text}': not an address; write it as host:port, such as {usual.Host}:{usual.Port}, or a port."
            );
    }
}
