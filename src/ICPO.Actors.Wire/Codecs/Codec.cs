using System.Runtime.Serialization;
using Google.Protobuf;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>The codec of one message type under one manifest. A manifest is never reused for another type or format.</summary>
internal abstract class Codec(string manifest, Type type)
{
    /// <summary>Name and version, e.g. <c>group-stored.1</c>.</summary>
    public string Manifest { get; } = manifest;

    public Type Type { get; } = type;

    public abstract byte[] Write(object message);

    /// <exception cref="SerializationException">The bytes are not of the type that the manifest names.</exception>
    public abstract object Read(ReadOnlySpan<byte> bytes);
}

/// <inheritdoc cref="Codec"/>
internal sealed class Codec<TMessage, TProto>(
    string manifest,
    MessageParser<TProto> parser,
    Func<TMessage, TProto> write,
    Func<TProto, TMessage> read
) : Codec(manifest, typeof(TMessage))
    where TMessage : class
    where TProto : IMessage<TProto>
{
    public override byte[] Write(object message) => write((TMessage)message).ToByteArray();

    public override object Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return read(parser.ParseFrom(bytes));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or ArgumentException)
        {
            throw new SerializationException($"Cannot read {bytes.Length} bytes as '{Manifest}': {e.Message}", e);
        }
    }
}
