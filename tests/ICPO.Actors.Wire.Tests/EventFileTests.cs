using System.Text.Json;
using ICPO.Actors.Wire.Proto.TensorBoard;
using ICPO.Actors.Wire.TensorBoard;

namespace ICPO.Actors.Wire.Tests;

public sealed class EventFileTests(ITestOutputHelper output)
{
    private static readonly TimeProvider _clock = new Clock();

    [Fact]
    public void The_reader_agrees_with_what_TensorBoard_reads_and_notices_damage()
    {
        string folder = Fixtures.Require("tensorboard");
        using var expected = JsonDocument.Parse(
            File.ReadAllText(Assert.Single(Directory.GetFiles(folder, "expected.json", SearchOption.AllDirectories)))
        );
        string[] files = Directory.GetFiles(folder, "*tfevents*", SearchOption.AllDirectories);
        // By form: a file that TensorBoard named (….out.tfevents.…) is whole, one with the bare ending was damaged on purpose.
        string[] whole = [.. files.Where(f => Path.GetFileName(f).Contains(".out.tfevents."))];
        string[] damaged = [.. files.Except(whole)];
        Assert.NotEmpty(whole);
        Assert.NotEmpty(damaged);
        Assert.All(damaged, f => Assert.Throws<InvalidDataException>(() => EventFileReader.Read(f)));

        List<Event> events = [.. whole.SelectMany(EventFileReader.Read)];
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        ILookup<string, (Event Event, Summary.Types.Value Value)> byTag = EventFileReader.ByTag(events);
        int compared = 0;
        foreach (JsonProperty kind in expected.RootElement.EnumerateObject().Where(k => k.Name is "scalars" or "histograms" or "tensors"))
        {
            foreach (JsonProperty tag in kind.Value.EnumerateObject())
            {
                (Event Event, Summary.Types.Value Value)[] found = byTag[tag.Name].ToArray();
                Assert.Equal(tag.Value.GetArrayLength(), found.Length);
                foreach ((JsonElement point, (Event e, Summary.Types.Value value)) in tag.Value.EnumerateArray().Zip(found))
                {
                    Assert.Equal(point.GetProperty("step").GetInt64(), e.Step);
                    Agree(kind.Name, point, e, value);
                    compared++;
                }
            }
        }

        output.WriteLine($"{whole.Length} whole and {damaged.Length} damaged files, {compared} values compared");
        Assert.Equal(byTag.Sum(t => t.Count()), compared);
    }

    [Fact]
    public void What_the_writer_wrote_is_read_back()
    {
        using TemporaryFolder scratch = new();
        using EventFileWriter writer = new(Path.Combine(scratch.Path, "run"), _clock);
        double[] rewards = [0.5, double.NaN, double.PositiveInfinity, 1e-30, 1e300];
        for (int i = 0; i < rewards.Length; i++)
        {
            writer.Scalar("reward/länge", 1L << (i * 10), rewards[i]);
        }

        writer.Histogram("staleness", 3, [0, 1, 1, 2, 4, double.NaN], buckets: 4);
        writer.Histogram("same", 3, [7, 7]);
        writer.Histogram("nothing finite", 3, [double.NaN]);
        writer.Text("sample", 9, "**Question:** 1 + 1? ✓");
        writer.Flush();

        List<Event> events = EventFileReader.Read(writer.Path);
        Assert.Contains("tfevents", Path.GetFileName(writer.Path));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.All(events, e => Assert.Equal(1767225600.25, e.WallTime));
        ILookup<string, (Event Event, Summary.Types.Value Value)> byTag = EventFileReader.ByTag(events);
        Assert.Equal(rewards.Select(r => (float)r), byTag["reward/länge"].Select(p => p.Value.SimpleValue));
        Assert.Equal([1L, 1L << 10, 1L << 20, 1L << 30, 1L << 40], byTag["reward/länge"].Select(p => p.Event.Step));
        Histogram histogram = Assert.Single(byTag["staleness"]).Value.Histogram;
        Assert.Equal((0, 4, 5, 8, 22), (histogram.Min, histogram.Max, histogram.Num, histogram.Sum, histogram.SumSquares));
        Assert.Equal([1, 2, 3, 4], histogram.BucketLimit);
        Assert.Equal([1, 2, 1, 1], histogram.Bucket);
        Assert.Equal([2.0], Assert.Single(byTag["same"]).Value.Histogram.Bucket);
        Assert.Empty(byTag["nothing finite"]);
        Summary.Types.Value text = Assert.Single(byTag["sample"]).Value;
        Assert.Equal("text", text.Metadata.PluginData.PluginName);
        Assert.Equal("**Question:** 1 + 1? ✓", Assert.Single(text.Tensor.StringVal).ToStringUtf8());
    }

    [Fact]
    public void The_writers_text_has_the_form_of_TensorBoards_own()
    {
        string folder = Fixtures.Require("tensorboard");
        Summary.Types.Value theirs = Directory
            .GetFiles(folder, "*.out.tfevents.*", SearchOption.AllDirectories)
            .SelectMany(EventFileReader.Read)
            .Where(e => e.Summary is not null)
            .SelectMany(e => e.Summary.Value)
            .First(v => v.Metadata?.PluginData?.PluginName == "text");
        using TemporaryFolder scratch = new();
        using EventFileWriter writer = new(scratch.Path, _clock);
        writer.Text(theirs.Tag, 1, theirs.Tensor.StringVal[0].ToStringUtf8());
        writer.Flush();
        Summary.Types.Value ours = EventFileReader.Read(writer.Path)[^1].Summary.Value[0];
        Assert.Equal(theirs.Tensor, ours.Tensor);
    }

    [Fact]
    public void Two_writers_of_the_same_moment_have_files_of_their_own()
    {
        using TemporaryFolder scratch = new();
        using EventFileWriter first = new(scratch.Path, _clock);
        using EventFileWriter second = new(scratch.Path, _clock);
        Assert.NotEqual(first.Path, second.Path);
    }

    [Fact]
    public void Writers_on_many_threads_leave_whole_records()
    {
        using TemporaryFolder scratch = new();
        using EventFileWriter writer = new(scratch.Path, _clock);
        Parallel.For(0, 1000, i => writer.Scalar($"tag/{i % 7}", i, i));
        writer.Flush();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), EventFileReader.Read(writer.Path).Skip(1).Select(e => e.Step).Order());
    }

    [Fact]
    public void Values_of_a_histogram_all_fall_into_its_buckets() =>
        Gen
            .Double.Array[1, 50]
            .Sample(
                values =>
                {
                    using TemporaryFolder scratch = new();
                    using EventFileWriter writer = new(scratch.Path, _clock);
                    writer.Histogram("h", 0, values);
                    writer.Flush();
                    int finite = values.Count(double.IsFinite);
                    Event last = EventFileReader.Read(writer.Path)[^1];
                    if (finite == 0)
                    {
                        Assert.Null(last.Summary);
                        return;
                    }

                    Histogram histogram = last.Summary.Value[0].Histogram;
                    Assert.Equal(finite, histogram.Bucket.Sum());
                    Assert.Equal(histogram.BucketLimit.Order(), histogram.BucketLimit);
                    Assert.All(histogram.BucketLimit, limit => Assert.True(double.IsFinite(limit)));
                    Assert.Equal(histogram.Max, histogram.BucketLimit[^1]);
                },
                iter: 100
            );

    private static void Agree(string kind, JsonElement point, Event e, Summary.Types.Value value)
    {
        if (kind == "scalars")
        {
            Assert.Equal(Number(point.GetProperty("wall_time")), e.WallTime);
            Assert.Equal((float)Number(point.GetProperty("value")), value.SimpleValue);
        }
        else if (kind == "histograms")
        {
            Histogram h = value.Histogram;
            double[] ours = [h.Min, h.Max, h.Num, h.Sum, h.SumSquares];
            string[] names = ["min", "max", "num", "sum", "sum_squares"];
            Assert.Equal(names.Select(n => Number(point.GetProperty(n))), ours);
            Assert.Equal(point.GetProperty("bucket_limit").EnumerateArray().Select(Number), h.BucketLimit);
            Assert.Equal(point.GetProperty("bucket").EnumerateArray().Select(Number), h.Bucket);
        }
        else
        {
            Assert.Equal(point.GetProperty("dtype").GetInt32(), value.Tensor.Dtype);
            JsonElement strings = point.GetProperty("string");
            if (strings.ValueKind == JsonValueKind.Array)
            {
                Assert.Equal(strings.EnumerateArray().Select(s => s.GetString()), value.Tensor.StringVal.Select(s => s.ToStringUtf8()));
            }
        }
    }

    private static double Number(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number
            ? number.GetDouble()
            : double.Parse(number.GetString()!.Replace("inf", "Infinity", StringComparison.Ordinal));

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1767225600250);
    }
}
