using System.Buffers.Binary;
using System.Text;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// The protocol between a worker process and its owner: a length (4 bytes, little endian), a kind (1 byte), then a body as
/// <see cref="BinaryWriter"/> writes it. Both ends are the same build, so the format has no versions.
/// </summary>
internal static class WorkerFrames
{
    public const byte Configure = 1,
        Cases = 2,
        Ready = 3,
        Refused = 4,
        Judged = 5;

    private const int MaxFrameBytes = 1 << 30;

    /// <exception cref="IOException">The other end closed the stream.</exception>
    public static void Write(Stream stream, byte kind, Action<BinaryWriter> body)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(0);
        writer.Write(kind);
        body(writer);
        Span<byte> bytes = buffer.GetBuffer().AsSpan(0, checked((int)buffer.Length));
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        stream.Write(bytes);
        stream.Flush();
    }

    /// <summary>The next frame, positioned after its kind; null at the end of the stream, also inside a frame.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a frame.</exception>
    public static (byte Kind, BinaryReader Body)? Read(Stream stream)
    {
        Span<byte> head = stackalloc byte[4];
        if (stream.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 1 or > MaxFrameBytes)
        {
            throw new InvalidDataException($"invalid frame length of {length} bytes");
        }

        byte[] bytes = new byte[length];
        if (stream.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length)
        {
            return null;
        }

        var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        return (reader.ReadByte(), reader);
    }

    public static void WriteCase(BinaryWriter writer, Question question, string response, FinishReason finish)
    {
        writer.Write(question.Id);
        writer.Write(question.Text);
        writer.Write(question.Answer);
        writer.Write(response);
        writer.Write((byte)finish);
    }

    public static (Question Question, string Response, FinishReason Finish) ReadCase(BinaryReader reader) =>
        (
            new Question
            {
                Id = reader.ReadString(),
                Text = reader.ReadString(),
                Answer = reader.ReadString(),
            },
            reader.ReadString(),
            (FinishReason)reader.ReadByte()
        );

    public static void WriteJudgment(BinaryWriter writer, Judgment judgment)
    {
        writer.Write((byte)judgment.Verdict);
        writer.Write(judgment.Reward ?? double.NaN);
        WriteText(writer, judgment.Extracted);
        WriteText(writer, judgment.Detail);
    }

    public static Judgment ReadJudgment(BinaryReader reader)
    {
        var verdict = (Verdict)reader.ReadByte();
        double reward = reader.ReadDouble();
        return new(verdict, double.IsNaN(reward) ? null : reward, ReadText(reader), ReadText(reader));
    }

    private static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
