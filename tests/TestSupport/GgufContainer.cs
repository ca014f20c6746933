using System.Text;

namespace TestSupport;

/// <summary>Writes GGUF files of version 3 from metadata and tensors.</summary>
public static class GgufContainer
{
    private const int Alignment = 32;

    /// <param name="stream">Receives the file; it is closed.</param>
    /// <param name="metadata">Values of type uint, float, bool, string, or arrays of int, float and string.</param>
    /// <param name="tensors">Type is the number of a GGUF tensor type; the shape has the fastest dimension first.</param>
    public static void Write(
        Stream stream,
        IReadOnlyList<(string Key, object Value)> metadata,
        IReadOnlyList<(string Name, uint Type, ulong[] Shape, byte[] Bytes)> tensors
    )
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach ((string key, object value) in metadata)
        {
            Text(writer, key);
            Value(writer, value);
        }

        ulong offset = 0;
        foreach ((string name, uint type, ulong[] shape, byte[] bytes) in tensors)
        {
            Text(writer, name);
            writer.Write((uint)shape.Length);
            Array.ForEach(shape, writer.Write);
            writer.Write(type);
            writer.Write(offset);
            offset += (ulong)Padded(bytes.Length);
        }

        foreach (byte[] bytes in tensors.Select(tensor => tensor.Bytes).Prepend([]))
        {
            writer.Write(bytes);
            writer.Write(new byte[Padded(writer.BaseStream.Position) - writer.BaseStream.Position]);
        }
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Value(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number:
                writer.Write(4u);
                writer.Write(number);
                break;
            case float number:
                writer.Write(6u);
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(7u);
                writer.Write(flag);
                break;
            case string text:
                writer.Write(8u);
                Text(writer, text);
                break;
            case float[] numbers:
                Head(6, numbers.Length);
                Array.ForEach(numbers, writer.Write);
                break;
            case int[] numbers:
                Head(5, numbers.Length);
                Array.ForEach(numbers, writer.Write);
                break;
            case string[] texts:
                Head(8, texts.Length);
                Array.ForEach(texts, text => Text(writer, text));
                break;
            default:
                throw new ArgumentException($"Values of type {value.GetType()} are not written.", nameof(value));
        }

        void Head(uint type, int length)
        {
            writer.Write(9u);
            writer.Write(type);
            writer.Write((ulong)length);
        }
    }
}
