using System.Globalization;

namespace ICPO.Actors.Configuration.Settings;

/// <summary>An address of cluster nodes: <c>host:port</c>, or <c>dns:name:port</c> for all addresses of a name.</summary>
/// <param name="Host">A host, or a name with any number of addresses.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="IsName">True if the host is resolved to all of its addresses.</param>
public sealed record SeedAddress(string Host, int Port, bool IsName)
{
    private const string NamePrefix = "dns:";
    private const int MaxPort = 65_535;

    /// <exception cref="FormatException">The text is not an address.</exception>
    public static SeedAddress Parse(string text) =>
        TryParse(text, out SeedAddress address) ? address : throw new FormatException($"'{text}' is not an address.");

    /// <summary>False if the text is not an address.</summary>
    public static bool TryParse(string text, out SeedAddress address)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool isName = text.StartsWith(NamePrefix, StringComparison.Ordinal);
        string rest = isName ? text[NamePrefix.Length..] : text;
        int colon = rest.LastIndexOf(':');
        bool isAddress = int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        address = new SeedAddress(colon > 0 ? rest[..colon] : "", port, isName);
        return isAddress && address.Host.Length > 0 && port is > 0 and <= MaxPort && !(isName && rest[..colon].Contains(':'));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsName ? NamePrefix : "")}{Host}:{Port}");
}
