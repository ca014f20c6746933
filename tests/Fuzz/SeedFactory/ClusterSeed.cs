using Fuzz.Readers;
using TestSupport;

namespace Fuzz.SeedFactory;

/// <summary>The stored bytes of messages between nodes and the core, which the wire format's own tests hold.</summary>
internal static class ClusterSeed
{
    public static IEnumerable<(string Name, byte[] Message)> Messages() =>
        ClusterReaders.Manifests.Select((manifest, number) => (manifest, (byte[])[(byte)number, .. Stored(manifest)]));

    private static byte[] Stored(string manifest) =>
        Convert.FromHexString(
            string.Concat(
                File.ReadLines(Repository.In("tests", "ICPO.Actors.Wire.Tests", "Golden", $"{manifest}.golden")).Select(l => l.Trim())
            )
        );
}
