using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using ICPO.DataFiles.Files;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Checkpoints.Safetensors;

/// <summary>What was written.</summary>
/// <param name="Sha256">The SHA-256 of the whole file, lower-case hex.</param>
/// <param name="Length">The length of the whole file, in bytes.</param>
public sealed record WrittenFile(string Sha256, long Length);

/// <summary>Writes safetensors files. Tensors are stored in ordinal order of their names, so that equal weights give equal files.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes tensors (any device) to <paramref name="path"/>, which has its name only when complete and synced.</summary>
    public static WrittenFile Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    ) => Write(path, tensors, (_, tensor) => tensor, metadata);

    /// <summary>
    /// As above, but writes <paramref name="content"/> of each tensor, which has its shape and dtype and is created when it is written.
    /// </summary>
    internal static WrittenFile Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        Func<string, Tensor, Tensor> content,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        var sorted = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        return Write(
            path,
            [
                .. sorted.Select(t =>
                    (t.Key, TensorDtype.Safetensors(t.Value.dtype), t.Value.shape, t.Value.numel() * t.Value.element_size())
                ),
            ],
            metadata,
            (index, sink) =>
            {
                using TorchSharp.DisposeScope scope = NewDisposeScope();
                using IDisposable _ = no_grad();
                sink(content(sorted[index].Key, sorted[index].Value).cpu().contiguous().bytes);
            }
        );
    }

    /// <summary>Writes raw little-endian bytes to <paramref name="path"/>.</summary>
    public static WrittenFile Write(
        string path,
        IEnumerable<(string Name, string Dtype, long[] Shape, byte[] Bytes)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        var sorted = tensors.OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        return Write(path, [.. sorted.Select(t => (t.Name, t.Dtype, t.Shape, (long)t.Bytes.Length))], metadata, (index, sink) =>
            sink(sorted[index].Bytes)
        );
    }

    private delegate void Sink(ReadOnlySpan<byte> bytes);

    private static WrittenFile Write(
        string path,
        List<(string Name, string Dtype, long[] Shape, long Length)> entries,
        IReadOnlyDictionary<string, string>? metadata,
        Action<int, Sink> data
    )
    {
        byte[] header = Header(entries, metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0L;
        DurableFile.Write(path, file =>
        {
            void Put(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                file.Write(bytes);
                length += bytes.Length;
            }

            Put(header);
            for (int i = 0; i < entries.Count; i++)
            {
                data(i, Put);
            }
        });
        return new(Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    /// <summary>Length and JSON, padded with spaces so that the data begins on a multiple of 8.</summary>
    private static byte[] Header(
        List<(string Name, string Dtype, long[] Shape, long Length)> entries,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        using var text = new MemoryStream();
        text.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string? key, string? value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0L;
            foreach ((string? name, string? dtype, long[]? shape, long length) in entries)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype);
                json.WritePropertyName("shape");
                json.WriteRawValue($"[{string.Join(',', shape)}]");
                json.WritePropertyName("data_offsets");
                json.WriteRawValue($"[{offset},{offset += length}]");
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (text.Length % Alignment != 0)
        {
            text.WriteByte((byte)' ');
        }

        byte[] bytes = text.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 8);
        return bytes;
    }
}
