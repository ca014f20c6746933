using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.Host.Comparing;

namespace ICPO.Actors.Host.Tests.Comparing;

public sealed class ArmTests
{
    [Theory]
    [InlineData("ief", "icpo-no-rejection")]
    [InlineData("icpo-no-rejection", "icpo-no-rejection")]
    [InlineData("grpo", "grpo")]
    public void A_preset_is_labeled_with_its_current_name(string name, string label)
    {
        var arm = Arm.FromPreset(name);
        Assert.Equal(label, arm.Label);
        Assert.Equal(label, Assert.Single(Load(arm, "out").Runs).Settings.Preset);
    }

    [Fact]
    public void Runs_that_an_earlier_version_made_under_the_former_name_are_continued()
    {
        using var folder = new TemporaryFolder();
        var arm = Arm.FromPreset("icpo-bonus");
        Assert.Equal(folder.In("icpo-bonus-seed7"), Assert.Single(Load(arm, folder.Path).Runs).Settings.Directory);
        string former = folder.Folder("icpo-rs-seed7");
        Assert.Equal(former, Assert.Single(Load(arm, folder.Path).Runs).Settings.Directory);
        string current = folder.Folder("icpo-bonus-seed7");
        Assert.Equal(current, Assert.Single(Load(arm, folder.Path).Runs).Settings.Directory);
    }

    [Fact]
    public void Each_stage_of_a_chain_starts_from_the_final_checkpoint_of_the_previous_one()
    {
        ArmChain chain = Load(Arm.Parse("chain:sft,run.updates=8>icpo-rs,run.updates=42"), "out");
        Assert.Equal(["sft", "icpo-bonus"], chain.Runs.Select(run => run.Settings.Preset));
        Assert.Equal([8, 42], chain.Runs.Select(run => run.Settings.Updates));
        Assert.Equal([true, false], chain.Runs.Select(run => run.Settings.Evaluation.AtStart));
        Assert.StartsWith(Path.Combine("out", "chain-seed7-stage1"), chain.Runs[1].Settings.Model.Path);
        Assert.Contains("000008", chain.Runs[1].Settings.Model.Path);
    }

    [Theory]
    [InlineData("long")]
    [InlineData(":grpo")]
    [InlineData("a/b:grpo")]
    [InlineData("chain:sft>")]
    [InlineData("long:grpo,run.updates")]
    public void An_invalid_arm_is_refused_with_its_text(string text) =>
        Assert.Contains($"--arm {text}", Assert.Throws<UsageException>(() => Arm.Parse(text)).Message);

    [Theory]
    [InlineData("1,2,5", new ulong[] { 1, 2, 5 })]
    [InlineData("3-5", new ulong[] { 3, 4, 5 })]
    [InlineData("1-2, 9", new ulong[] { 1, 2, 9 })]
    public void Seeds_are_numbers_and_ranges(string text, ulong[] seeds) => Assert.Equal(seeds, SeedList.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("5-3")]
    [InlineData("1-2-3")]
    [InlineData("0-5000")]
    [InlineData("1,1")]
    public void An_invalid_list_of_seeds_is_refused_with_its_text(string text) =>
        Assert.StartsWith($"--seeds {text}:", Assert.Throws<UsageException>(() => SeedList.Parse(text)).Message);

    private static ArmChain Load(Arm arm, string output) =>
        arm.CreateRuns(overrides => IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. overrides] }), output, seed: 7);
}
