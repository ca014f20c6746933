using System.Buffers.Binary;
using System.Text;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// The protocol between a worker process and its owner: a length (4 bytes, little endian), a kind (1 byte), then a body as
/// <see cref="BinaryWriter"/> writes it. Both ends are the same build, so the format has no versions. A worker that was damaged, or another
/// program, may send anything: memory grows with the received bytes, not with the announced length, and a body is checked against its kind.
/// </summary>
internal static class WorkerFrames
{
    public const byte Configure = 1,
        Cases = 2,
        Ready = 3,
        Refused = 4,
        Judged = 5;

    private const int MaxFrameBytes = 1 << 30,
        FirstBytes = 1 << 16;

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

        byte[] bytes = new byte[Math.Min(length, FirstBytes)];
        for (int have = 0; have < length; )
        {
            if (have == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * have));
            }

            int read = stream.Read(bytes.AsSpan(have));
            if (read == 0)
            {
                return null;
            }

            have += read;
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

    /// <exception cref="InvalidDataException">The body is not a case.</exception>
    public static (Question Question, string Response, FinishReason Finish) ReadCase(BinaryReader reader) =>
        Checked(reader, static body => (
                new Question
                {
                    Id = body.ReadString(),
                    Text = body.ReadString(),
                    Answer = body.ReadString(),
                },
                body.ReadString(),
                Known<FinishReason>(body.ReadByte())
            ));

    public static void WriteJudgment(BinaryWriter writer, Judgment judgment)
    {
        writer.Write((byte)judgment.Verdict);
        writer.Write(judgment.Reward ?? double.NaN);
        WriteText(writer, judgment.Extracted);
        WriteText(writer, judgment.Detail);
    }

    /// <exception cref="InvalidDataException">The body is not a judgment, or one that no verifier gives.</exception>
    public static Judgment ReadJudgment(BinaryReader reader) => Checked(reader, static body =>
        {
            Verdict verdict = Known<Verdict>(body.ReadByte());
            double reward = body.ReadDouble();
            bool isFault = verdict is Verdict.TimedOut or Verdict.Crashed;
            return double.IsNaN(reward) == isFault && reward is not (< 0 or > 1)
                ? new Judgment(verdict, isFault ? null : reward, ReadText(body), ReadText(body))
                : throw new InvalidDataException($"the verdict {verdict} with a reward of {reward}");
        });

    /// <summary>The text of a frame.</summary>
    /// <exception cref="InvalidDataException">The body is not a text.</exception>
    public static string ReadMessage(BinaryReader reader) => Checked(reader, static body => body.ReadString());

    /// <summary>The number of cases in a frame.</summary>
    /// <exception cref="InvalidDataException">The body does not begin with one.</exception>
    public static int ReadCount(BinaryReader reader) => Checked(reader, static body => body.ReadInt32());

    /// <summary>The exceptions of a body that ends too early or has impossible lengths, as one type.</summary>
    private static T Checked<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        try
        {
            return read(reader);
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"a frame whose content is damaged ({error.Message.TrimEnd('.')})", error);
        }
    }

    private static T Known<T>(byte value)
        where T : struct, Enum =>
        Enum.IsDefined((T)Enum.ToObject(typeof(T), value))
            ? (T)Enum.ToObject(typeof(T), value)
            : throw new InvalidDataException($"{typeof(T).Name} {value} does not exist");

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
