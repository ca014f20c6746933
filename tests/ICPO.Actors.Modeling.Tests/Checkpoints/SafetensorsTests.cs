using System.Security.Cryptography;
using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    [Fact]
    public void Every_malformed_file_ends_in_one_error_that_names_it_and_valid_ones_load()
    {
        string folder = Fixtures.Require("models/malformed/safetensors");
        var files = Fixtures.Json(Path.Combine(folder, "index.json")).GetProperty("files").EnumerateArray().ToList();
        foreach (JsonElement file in files)
        {
            string path = Path.Combine(folder, file.GetProperty("file").GetString()!);
            Exception? error = Record.Exception(() => ReadAll(path));
            switch (file.GetProperty("expect").GetString())
            {
                case "ok":
                    Assert.Null(error);
                    break;
                case "error":
                    Assert.Contains(path, Assert.IsType<InvalidDataException>(error).Message);
                    break;
                default:
                    Assert.True(error is null or InvalidDataException);
                    break;
            }
        }

        Fixtures.Count(files.Count, 0, "all files of the index");
    }

    [Fact]
    public void Bytes_changed_anywhere_load_or_fail_with_the_same_kind_of_error()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "x.safetensors");
        SafetensorsWriter.Write(path, [("a", "F32", [2, 2], new byte[16]), ("b", "I64", [1], new byte[8])]);
        byte[] good = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    byte[] bytes = good.ToArray();
                    foreach ((int at, byte value) in changes)
                    {
                        bytes[at] = value;
                    }

                    string changed = Path.Combine(folder.Path, $"{Guid.NewGuid():n}.safetensors");
                    File.WriteAllBytes(changed, bytes);
                    return Record.Exception(() => ReadAll(changed)) is null or InvalidDataException;
                },
                iter: 300
            );
    }

    [Fact]
    public void Tensors_of_every_dtype_come_back_with_their_bytes_and_the_hash_is_the_files()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "x.safetensors");
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = new[]
        {
            ScalarType.Float64,
            ScalarType.Float32,
            ScalarType.Float16,
            ScalarType.BFloat16,
            ScalarType.Int64,
            ScalarType.Int32,
            ScalarType.Byte,
            ScalarType.Bool,
        }.ToDictionary(t => $"t.{t}", t => arange(6).view(2, 3).to(t));
        tensors["scalar"] = tensor(3.5);
        tensors["empty"] = zeros(0, 4);
        tensors["strided"] = arange(6.0).view(2, 3).t();

        WrittenFile written = SafetensorsWriter.Write(path, tensors.Reverse());

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), written.Sha256);
        Assert.Equal(new FileInfo(path).Length, written.Length);
        using var file = SafetensorsFile.Open(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Tensors.Select(t => t.Name));
        foreach ((string? name, Tensor? expected) in tensors)
        {
            using Tensor actual = file.Read(name);
            Assert.Equal((expected.dtype, string.Join(',', expected.shape)), (actual.dtype, string.Join(',', actual.shape)));
            Assert.True(actual.equal(expected).all().ToBoolean(), name);
        }
    }

    [Fact]
    public void Equal_tensors_give_equal_files_and_nothing_is_left_beside_them()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "x.safetensors");
        WrittenFile a = SafetensorsWriter.Write(path, [("a", "U8", [1], [1]), ("b", "U8", [1], [2])]);
        WrittenFile b = SafetensorsWriter.Write(path, [("b", "U8", [1], [2]), ("a", "U8", [1], [1])]);
        Assert.Equal(a, b);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static void ReadAll(string path)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (TensorEntry tensor in file.Tensors)
        {
            file.Read(tensor.Name).Dispose();
        }
    }
}
