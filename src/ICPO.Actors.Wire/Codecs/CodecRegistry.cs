using System.Collections.Frozen;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>All codecs, by type for writing and by manifest for reading.</summary>
internal static class CodecRegistry
{
    private static readonly Codec[] All =
    [
        .. Dispatching.Codecs,
        .. Groups.Codecs,
        .. Buffering.Codecs,
        .. Policies.Codecs,
        .. Nodes.Codecs,
        .. Verification.Codecs,
        .. Journal.Codecs,
    ];

    /// <summary>The codec that writes a type: one each.</summary>
    public static FrozenDictionary<Type, Codec> ByType { get; } = All.ToFrozenDictionary(c => c.Type);

    /// <summary>The codec that reads a manifest. Manifests of past versions are kept as long as a journal may contain them.</summary>
    public static FrozenDictionary<string, Codec> ByManifest { get; } = All.ToFrozenDictionary(c => c.Manifest);
}
