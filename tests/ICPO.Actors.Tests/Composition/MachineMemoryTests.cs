using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Tests.Composition;

public sealed class MachineMemoryTests : IDisposable
{
    private const long Gigabyte = 1L << 30;
    private const string Unlimited = "9223372036854771712"; // as version 1 writes it

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    // /proc/self/cgroup, files below /sys/fs/cgroup, expected gigabytes, what sets the limit. The machine has 8.
    [InlineData("0::/", "", 8, "machine")]
    [InlineData("0::/", "memory.max=max", 8, "machine")]
    [InlineData("0::/", "memory.max=2", 2, "/sys/fs/cgroup/memory.max")]
    [InlineData("0::/a/b", "a/b/memory.max=3", 3, "a/b/memory.max")]
    [InlineData("0::/a/b", "a/b/memory.max=max;a/memory.max=2", 2, "a/memory.max")]
    [InlineData("0::/a/b", "a/b/memory.max=3;a/memory.max=2;memory.max=1", 1, "cgroup/memory.max")]
    [InlineData("0::/a/b", "a/b/memory.max=1;a/memory.max=2", 1, "a/b/memory.max")]
    [InlineData("0::/a", "a/memory.max=64", 8, "machine")]
    [InlineData("0::/docker/0123", "memory.max=4", 4, "cgroup/memory.max")]
    [InlineData("0::/../x", "memory.max=4", 4, "cgroup/memory.max")]
    [InlineData("5:memory:/", "memory/memory.limit_in_bytes=2", 2, "memory.limit_in_bytes")]
    [InlineData("5:memory:/a", "memory/a/memory.limit_in_bytes=2", 2, "memory/a/memory.limit_in_bytes")]
    [InlineData("5:memory:/a", "memory/a/memory.limit_in_bytes=none;memory/memory.limit_in_bytes=3", 3, "memory/memory.limit_in_bytes")]
    [InlineData("5:memory:/docker/0123", "memory/memory.limit_in_bytes=3", 3, "memory/memory.limit_in_bytes")]
    [InlineData("4:cpu,memory:/a", "memory/a/memory.limit_in_bytes=2", 2, "memory.limit_in_bytes")]
    [InlineData("4:cpu:/a", "memory/a/memory.limit_in_bytes=2", 8, "machine")]
    [InlineData("5:memory:/a|0::/a", "memory/a/memory.limit_in_bytes=3;unified/a/memory.max=2", 2, "unified/a/memory.max")]
    [InlineData("0::/", "memory.max=", 8, "machine")]
    [InlineData("nonsense", "memory.max=1", 8, "machine")]
    [InlineData("", "memory.max=1", 8, "machine")]
    public void The_smallest_limit_counts_whichever_group_sets_it(string groups, string files, int gigabytes, string source)
    {
        Write("proc/meminfo", $"MemTotal:       {8 * Gigabyte / 1024} kB\nMemFree: 1 kB\n");
        Write("proc/self/cgroup", groups.Replace('|', '\n') + "\n");
        foreach (string[] file in files.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=')))
        {
            string value = int.TryParse(file[1], out int size) ? $"{size * Gigabyte}" : file[1].Replace("none", Unlimited);
            Write($"sys/fs/cgroup/{file[0]}", value + "\n");
        }

        var memory = MachineMemory.Read(_root.Path);
        Assert.Equal(gigabytes * Gigabyte, memory.Bytes);
        Assert.Contains(source, memory.Source);
    }

    [Theory]
    [InlineData("unlimited            unlimited            bytes", 8)]
    [InlineData("1073741824           unlimited            bytes", 1)]
    public void A_limit_of_the_address_space_counts_as_well(string limit, int gigabytes)
    {
        Write("proc/meminfo", $"MemTotal: {8 * Gigabyte / 1024} kB\n");
        Write("proc/self/limits", $"Limit  Soft Limit  Hard Limit  Units\nMax address space         {limit}\n");
        Assert.Equal(gigabytes * Gigabyte, MachineMemory.Read(_root.Path).Bytes);
    }

    [Fact]
    public void Without_these_files_the_runtime_knows_the_memory() => Assert.True(MachineMemory.Read(_root.Path).Bytes > 0);

    [Fact]
    public void A_run_that_needs_more_than_there_is_names_the_keys_that_help_and_the_one_to_go_on()
    {
        RunSettings settings = Load();
        MemoryNeed need = MemoryEstimate.Of(settings)!;
        Assert.Null(MemoryCheck.Problem(settings, new(need.Total, "the machine")));
        string problem = MemoryCheck.Problem(settings, new(need.Total - 1, "the limit in /x"))!;
        Assert.Contains("/x", problem);
        Assert.Contains("run.memory-check", problem);
        Assert.Contains("learner.micro-batch-tokens", problem);
        Assert.DoesNotContain("run.memory-check", MemoryCheck.Problem(Load("run.memory-check=warn"), new(1, "x"))!);
        Assert.Null(MemoryCheck.Problem(Load("model.device=cuda"), new(1, "x")));
        Assert.Null(MemoryCheck.Problem(Load("model.path=not-here"), new(1, "x")));
    }

    [Theory]
    [InlineData("learner.micro-batch-tokens=1024")]
    [InlineData("learner.gradient-checkpointing=true")]
    [InlineData("engine.slots=8")]
    [InlineData("engine.count=1")]
    [InlineData("engine.context=64")]
    [InlineData("model.lora.rank=4")]
    public void Every_key_that_is_named_lowers_the_estimate(string key) =>
        Assert.True(
            MemoryEstimate.Of(Load("engine.count=2", key))!.Total < MemoryEstimate.Of(Load("engine.count=2"))!.Total,
            $"{key} does not lower the estimate"
        );

    private static RunSettings Load(params string[] overrides) =>
        IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. overrides] }).Settings;

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root.In(name))!);
        File.WriteAllText(_root.In(name), text);
    }
}
