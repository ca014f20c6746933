using System.Runtime.Serialization;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Reads and writes messages and journal events without an actor system: a manifest and protobuf bytes.</summary>
public static class WireFormat
{
    /// <summary>The manifest of a message.</summary>
    /// <exception cref="SerializationException">Its type has no codec.</exception>
    public static string Manifest(object message) => Writer(message).Manifest;

    /// <summary>The bytes of a message.</summary>
    /// <exception cref="SerializationException">Its type has no codec.</exception>
    public static byte[] Write(object message) => Writer(message).Write(message);

    /// <exception cref="SerializationException">The manifest is unknown, or the bytes do not match it.</exception>
    public static object Read(string manifest, byte[] bytes) =>
        CodecRegistry.ByManifest.TryGetValue(manifest, out Codec? codec)
            ? codec.Read(bytes)
            : throw new SerializationException(
                $"No message has the manifest '{manifest}' in this version; read it with the newer version that wrote it."
            );

    private static Codec Writer(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return CodecRegistry.ByType.TryGetValue(message.GetType(), out Codec? codec)
            ? codec
            : throw new SerializationException(
                $"{message.GetType()} has no manifest; add a codec in ICPO.Actors.Wire before it is sent or stored."
            );
    }
}
