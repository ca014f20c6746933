using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Wire.Tests;

/// <summary>
/// The bytes of every manifest, as committed. <c>{manifest}.golden</c> is what this version writes; when a field is added,
/// the file is kept as <c>{manifest}@{what it lacks}.golden</c> and must be readable for ever. New files are written with
/// ICPO_GOLDEN=write; they never replace one.
/// </summary>
public sealed class GoldenTests
{
    private static readonly IcpoSerializer Serializer = new(null!);

    [Fact]
    public void The_bytes_of_every_message_are_the_committed_ones()
    {
        foreach (object message in Samples.All)
        {
            string path = Path.Combine(
                Repository.In("tests", "ICPO.Actors.Wire.Tests", "Golden"),
                Serializer.Manifest(message) + ".golden"
            );
            string hex = Convert.ToHexStringLower(Serializer.ToBinary(message));
            if (!File.Exists(path) && Environment.GetEnvironmentVariable("ICPO_GOLDEN") == "write")
            {
                File.WriteAllText(path, string.Join('\n', hex.Chunk(96).Select(line => new string(line))) + "\n");
            }

            Assert.True(File.Exists(path), $"{path} is missing: write it with ICPO_GOLDEN=write and commit it.");
            Assert.Equal(Hex(path), hex);
        }
    }

    [Fact]
    public void Every_committed_file_is_readable_and_the_current_ones_read_as_they_were_written()
    {
        string[] files = Directory.GetFiles(Repository.In("tests", "ICPO.Actors.Wire.Tests", "Golden"), "*.golden");
        Assert.NotEmpty(files);
        foreach (string path in files)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            string manifest = name.Split('@')[0];
            byte[] bytes = Convert.FromHexString(Hex(path));
            object message = Serializer.FromBinary(bytes, manifest);
            if (name == Serializer.Manifest(message))
            {
                Assert.Equal(bytes, Serializer.ToBinary(message));
            }
        }
    }

    [Fact]
    public void A_payload_of_the_segment_log_has_the_bytes_of_its_message()
    {
        TrainingGroup group = Samples.All.OfType<TrainingGroup>().Single();
        Assert.Equal(Serializer.ToBinary(group), GroupPayload.Write(group));
        Assert.Equal(GroupPayload.Write(group), GroupPayload.Write(GroupPayload.Read(GroupPayload.Write(group))));
    }

    private static string Hex(string path) => string.Concat(File.ReadAllText(path).Where(char.IsAsciiHexDigit));
}
