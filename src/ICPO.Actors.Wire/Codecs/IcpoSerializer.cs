using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>
/// Writes every message of the flow and every journal event as protobuf under an explicit, versioned manifest.
/// What has no manifest is refused: nothing falls back to a reflective format.
/// </summary>
public sealed class IcpoSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Written into journals and remote envelopes; never changes.</summary>
    public const int Id = 910;

    /// <summary>Manifest by type of message.</summary>
    public static IReadOnlyDictionary<Type, string> Manifests { get; } =
        CodecRegistry.ByType.ToDictionary(c => c.Key, c => c.Value.Manifest);

    public override int Identifier => Id;

    public override string Manifest(object o) => Writer(o).Manifest;

    public override byte[] ToBinary(object obj) => Writer(obj).Write(obj);

    /// <exception cref="SerializationException">The manifest is unknown, or the bytes are not what it says.</exception>
    public override object FromBinary(byte[] bytes, string manifest) =>
        CodecRegistry.ByManifest.TryGetValue(manifest, out Codec? codec)
            ? codec.Read(bytes)
            : throw new SerializationException(
                $"No message has the manifest '{manifest}' in this version; a newer one wrote it, so read it with that one."
            );

    private static Codec Writer(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return CodecRegistry.ByType.TryGetValue(message.GetType(), out Codec? codec)
            ? codec
            : throw new SerializationException(
                $"{message.GetType()} has no manifest; give it a codec in ICPO.Actors.Wire before it is sent or stored."
            );
    }
}
