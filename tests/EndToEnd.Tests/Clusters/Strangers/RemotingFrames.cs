using System.Buffers.Binary;
using Google.Protobuf;
using ICPO.Actors.Wire.Codecs;

namespace EndToEnd.Tests.Clusters.Strangers;

/// <summary>Frames of Akka.Remote's protocol as any program can write them: a length, and a message of protobuf.</summary>
internal static class RemotingFrames
{
    private const int Associate = 1;

    /// <summary>The first frame of a connection.</summary>
    public static byte[] Hello(string protocol, int port, ulong incarnation) => Frame(Message(2, control =>
            {
                control.WriteTag(1, WireFormatType.Varint);
                control.WriteEnum(Associate);
                Nest(control, 2, handshake =>
                {
                    Nest(handshake, 1, address => Address(address, protocol, port));
                    handshake.WriteTag(2, WireFormatType.Fixed64);
                    handshake.WriteFixed64(incarnation);
                });
            }));

    /// <summary>A message of the product to an actor.</summary>
    /// <param name="recipient">Full path of the actor.</param>
    /// <param name="manifest">Of the message.</param>
    /// <param name="message">Its bytes.</param>
    public static byte[] Envelope(string recipient, string manifest, byte[] message)
    {
        byte[] container = Message(2, envelope =>
        {
            Nest(envelope, 1, to => Text(to, 1, recipient));
            Nest(envelope, 2, payload =>
            {
                Bytes(payload, 1, message);
                payload.WriteTag(2, WireFormatType.Varint);
                payload.WriteInt32(IcpoSerializer.Id);
                Text(payload, 3, manifest);
            });
            envelope.WriteTag(5, WireFormatType.Fixed64);
            envelope.WriteFixed64(ulong.MaxValue);
        });
        return Frame(Write(outer => Bytes(outer, 1, container)));
    }

    private static byte[] Frame(byte[] message)
    {
        byte[] frame = new byte[4 + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame, 4);
        return frame;
    }

    private static void Address(CodedOutputStream output, string protocol, int port)
    {
        Text(output, 1, "icpo");
        Text(output, 2, "127.0.0.1");
        output.WriteTag(3, WireFormatType.Varint);
        output.WriteUInt32((uint)port);
        Text(output, 4, protocol);
    }

    private static byte[] Message(int field, Action<CodedOutputStream> write) => Write(output => Nest(output, field, write));

    private static void Nest(CodedOutputStream output, int field, Action<CodedOutputStream> write) => Bytes(output, field, Write(write));

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormatType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormatType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static byte[] Write(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(output);
        }

        return stream.ToArray();
    }

    /// <summary>The wire types of protobuf.</summary>
    private static class WireFormatType
    {
        public const Google.Protobuf.WireFormat.WireType Varint = Google.Protobuf.WireFormat.WireType.Varint;
        public const Google.Protobuf.WireFormat.WireType Fixed64 = Google.Protobuf.WireFormat.WireType.Fixed64;
        public const Google.Protobuf.WireFormat.WireType LengthDelimited = Google.Protobuf.WireFormat.WireType.LengthDelimited;
    }
}
