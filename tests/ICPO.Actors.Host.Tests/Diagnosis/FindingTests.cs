using System.Runtime.InteropServices;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.Diagnosis;

namespace ICPO.Actors.Host.Tests.Diagnosis;

/// <summary>What serves, what limits, and what makes runs fail.</summary>
public sealed class FindingTests
{
    [Theory]
    [InlineData(true, true, true, nameof(FindingLevel.Good))]
    [InlineData(true, true, false, nameof(FindingLevel.Note))]
    [InlineData(false, false, false, nameof(FindingLevel.Note))]
    public void A_processor_without_fast_products_is_noted(bool avx2, bool avx512, bool bfloat16, string expected)
    {
        Finding finding = ProcessorFinding.OfProcessor(2, avx2, avx512, bfloat16);
        Assert.Equal(expected, finding.Level.ToString());
        Assert.Equal(finding.Level != FindingLevel.Good, finding.Advice is not null);
    }

    [Theory]
    [InlineData(true, Architecture.X64, nameof(FindingLevel.Good))]
    [InlineData(true, Architecture.Arm64, nameof(FindingLevel.Note))]
    [InlineData(false, Architecture.X64, nameof(FindingLevel.Note))]
    public void Other_systems_than_Linux_x64_are_noted(bool isLinux, Architecture architecture, string expected) =>
        Assert.Equal(expected, ProcessorFinding.OfSystem(isLinux, architecture, "a system").Level.ToString());

    [Theory]
    [InlineData(16_000_000_000, nameof(FindingLevel.Good))]
    [InlineData(500_000_000, nameof(FindingLevel.Problem))]
    public void Too_little_memory_is_a_problem(long bytes, string expected) =>
        Assert.Equal(expected, StorageFinding.OfMemory(new MachineMemory(bytes, "a limit")).Level.ToString());

    [Theory]
    [InlineData(5_000_000_000, true, nameof(FindingLevel.Good))]
    [InlineData(5_000_000_000, false, nameof(FindingLevel.Problem))]
    [InlineData(50_000_000, true, nameof(FindingLevel.Problem))]
    public void A_disk_must_have_space_and_be_writable(long free, bool writable, string expected) =>
        Assert.Equal(expected, StorageFinding.OfDisk("/data", free, writable).Level.ToString());

    [Fact]
    public void A_directory_that_does_not_exist_yet_is_checked_where_it_would_be_created()
    {
        using var folder = new TemporaryFolder();
        Finding finding = StorageFinding.OfDisk(folder.In("a/b/c"));
        Assert.Contains(folder.Path, finding.Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(true, true, nameof(FindingLevel.Good))]
    [InlineData(true, false, nameof(FindingLevel.Note))]
    [InlineData(false, false, nameof(FindingLevel.Note))]
    public void A_GPU_is_never_required(bool driver, bool usable, string expected) =>
        Assert.Equal(expected, SoftwareFinding.OfGpu(driver, usable).Level.ToString());

    [Fact]
    public void An_invalid_configuration_and_a_server_that_does_not_answer_are_problems()
    {
        Finding invalid = Assert.Single(RunFinding.Of(() => Load("run.updates=-1")));
        Assert.Equal(FindingLevel.Problem, invalid.Level);
        Finding journal = RunFinding.Of(() => Load("journal.connection-string=postgres://nobody@127.0.0.1:1/none")).Last();
        Assert.Equal((FindingLevel.Problem, "journal"), (journal.Level, journal.Name));
        Assert.Contains("127.0.0.1:1", journal.Text, StringComparison.Ordinal);
    }

    private static IcpoConfiguration Load(string change) => IcpoConfiguration.Load(new ConfigurationSources { Overrides = [change] });
}
