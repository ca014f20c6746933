using System.Collections.Frozen;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Every codec, by what is written and by what is read.</summary>
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

    /// <summary>The codec that reads a manifest. Manifests of past versions stay here for as long as a journal may hold them.</summary>
    public static FrozenDictionary<string, Codec> ByManifest { get; } = All.ToFrozenDictionary(c => c.Manifest);
}
