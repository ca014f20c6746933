using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>
/// Writes every message of the flow and every journal event as protobuf under an explicit, versioned manifest. Types without a manifest are
/// rejected: there is no fallback to a reflective format.
/// </summary>
public sealed class IcpoSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Written into journals and remote envelopes; never changes.</summary>
    public const int Id = 910;

    /// <summary>Manifest by type of message.</summary>
    public static IReadOnlyDictionary<Type, string> Manifests { get; } =
        CodecRegistry.ByType.ToDictionary(c => c.Key, c => c.Value.Manifest);

    public override int Identifier => Id;

    public override string Manifest(object o) => WireFormat.Manifest(o);

    public override byte[] ToBinary(object obj) => WireFormat.Write(obj);

    /// <exception cref="SerializationException">The manifest is unknown, or the bytes do not match it.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => WireFormat.Read(manifest, bytes);
}
