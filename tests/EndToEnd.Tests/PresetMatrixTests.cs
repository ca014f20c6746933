using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests;

/// <summary>Short real runs of the bundled model: every preset, and every staleness correction at every staleness.</summary>
public sealed class PresetMatrixTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Presets => [.. IcpoConfiguration.Presets];

    public static TheoryData<string> Corrections => [.. CorrectionRegistry.BuiltIn.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task A_preset_trains_the_bundled_model_and_its_replay_gives_the_same_weights(string preset)
    {
        LongTests.Require();
        foreach (int staleness in new[] { 0, 4 })
        {
            string run = _folder.In($"{preset}-{staleness}");
            string[] command = [.. new SmallRun(staleness, 3).Train(run), "--preset", preset, "--set", "expert.warmup-updates=1"];
            await AssertTrainsAsync(command, run);
            ProcessEnd replay = await IcpoProcess.RunAsync("replay", run);
            Assert.True(replay.ExitCode == 0, replay.Errors);
        }
    }

    [Theory]
    [MemberData(nameof(Corrections))]
    public async Task A_correction_trains_the_bundled_model_at_every_staleness(string correction)
    {
        LongTests.Require();
        foreach (int staleness in new[] { 0, 1, 2, 4, 8, 16 })
        {
            string run = _folder.In($"{correction}-{staleness}");
            await AssertTrainsAsync([.. new SmallRun(staleness, 4).Train(run), "--set", $"objective.correction={correction}"], run);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AssertTrainsAsync(string[] command, string run)
    {
        ProcessEnd end = await IcpoProcess.RunAsync(command);
        Assert.True(end.ExitCode == 0, end.Errors);
        var history = RunHistory.Read(run);
        Assert.True(history.Summary!.LedgerCloses);
        Assert.All(history.Updates.SelectMany(update => update.Values), metric =>
            Assert.True(double.IsFinite(metric.Value), $"{run}: {metric.Key}")
        );
        ProcessEnd ledger = await IcpoProcess.RunAsync("ledger", run);
        Assert.True(ledger.ExitCode == 0, ledger.Output);
    }
}
