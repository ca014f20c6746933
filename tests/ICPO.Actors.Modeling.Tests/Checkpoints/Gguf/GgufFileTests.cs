using System.Text.Json;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

public sealed class GgufFileTests
{
    [Fact]
    public void Every_malformed_file_ends_in_one_error_that_names_it_and_valid_ones_load()
    {
        string folder = Fixtures.Require("models/malformed/gguf");
        var files = Fixtures.Json(Path.Combine(folder, "index.json")).GetProperty("files").EnumerateArray().ToList();
        foreach (JsonElement file in files)
        {
            string path = Path.Combine(folder, file.Text("file"));
            Exception? error = Record.Exception(() => GgufModel.Load(path).Dispose());
            TestContext.Current.TestOutputHelper?.WriteLine($"{file.Text("file")}: {error?.Message ?? "loads"}");
            switch (file.Text("expect"))
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
        string malformed = Fixtures.Require("models/malformed/gguf");
        var valid = Fixtures
            .Json(Path.Combine(malformed, "index.json"))
            .GetProperty("files")
            .EnumerateArray()
            .Where(f => f.Text("expect") == "ok")
            .ToList();
        Fixtures.Count(valid.Count, 0, "valid files of the index, of which the first is changed");
        byte[] good = File.ReadAllBytes(Path.Combine(malformed, valid[0].Text("file")));
        using var folder = new TemporaryFolder();
        Gen.Select(Gen.Frequency((5, Gen.Int[0, Math.Min(700, good.Length - 1)]), (1, Gen.Int[0, good.Length - 1])), Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    byte[] bytes = good.ToArray();
                    foreach ((int at, byte value) in changes)
                    {
                        bytes[at] = value;
                    }

                    string changed = Path.Combine(folder.Path, $"{Guid.NewGuid():n}.gguf");
                    File.WriteAllBytes(changed, bytes);
                    return Record.Exception(() => GgufModel.Load(changed).Dispose()) is null or InvalidDataException;
                },
                iter: 300
            );
    }

    [Fact]
    public void Divisors_of_a_known_scaling_give_that_scaling_and_others_stay_a_list()
    {
        RopeScaling[] rules =
        [
            new Llama3RopeScaling(8, 1, 4, 8192),
            new Llama3RopeScaling(32, 1, 4, 8192),
            new Llama3RopeScaling(4, 1, 4, 3000),
            new LinearRopeScaling(2),
        ];
        foreach (RopeScaling rule in rules)
        {
            Assert.Equal(rule, GgufRopeDivisors.Rule(Single(rule.Divisors(64, 500_000)), 64, 500_000));
        }

        Assert.Null(GgufRopeDivisors.Rule([1, 1, 1, 1], 8, 10_000));
        Assert.Equal(new ListedRopeScaling([1, 3, 2, 1]), GgufRopeDivisors.Rule([1, 3, 2, 1], 8, 10_000));

        static float[] Single(double[] values) => [.. values.Select(v => (float)v)];
    }
}
