using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Objective;

namespace ICPO.Actors.Configuration.Tests;

public sealed class LayeringTests
{
    private const string Key = "icpo.run.updates";

    [Fact]
    public void The_reference_alone_is_a_valid_configuration_of_the_default_run()
    {
        RunSettings settings = IcpoConfiguration.Load().Settings;
        Assert.Equal("icpo", settings.Preset);
        Assert.Equal((8, 1, 32), (settings.Group.PolicyRollouts, settings.Group.ExpertRollouts, settings.Group.GroupsPerUpdate));
        Assert.Equal(settings.Updates, settings.Learner.Optimizer.TotalUpdates);
    }

    [Fact]
    public void Each_layer_wins_over_the_ones_below_and_says_so()
    {
        var file = new ConfigurationFile("first.conf", "icpo {\n  run.updates = 2\n}");
        var second = new ConfigurationFile("second.conf", "icpo { run { updates = 3 } }");
        var environment = new Dictionary<string, string> { ["ICPO__RUN__UPDATES"] = "4", ["PATH"] = "/bin" };
        Assert.Equal(("150", "reference"), Of(new ConfigurationSources()));
        Assert.Equal(("2", "first.conf:2"), Of(new ConfigurationSources { Files = [file] }));
        Assert.Equal(("3", "second.conf:1"), Of(new ConfigurationSources { Files = [file, second] }));
        Assert.Equal(
            ("4", "environment ICPO__RUN__UPDATES"),
            Of(new ConfigurationSources { Files = [file, second], Environment = environment })
        );
        var overridden = new ConfigurationSources
        {
            Files = [file],
            Environment = environment,
            Overrides = ["run.updates=5", "icpo.run.updates = 6"],
        };
        Assert.Equal(("6", "--set"), Of(overridden));
        Assert.Equal(("7", "code"), Of(overridden with { Code = [new("run.updates", "7")] }));
        Assert.Equal(("8", "code"), Entry(IcpoConfiguration.Load(overridden).With([new("run.updates", "8")]), Key));
    }

    [Fact]
    public void A_preset_lies_between_the_reference_and_everything_else()
    {
        var file = new ConfigurationFile("run.conf", "icpo { preset = sft, group.groups-per-update = 7 }");
        var configuration = IcpoConfiguration.Load(new ConfigurationSources { Files = [file] });
        Assert.Equal(
            ("0", "preset sft:4"),
            Entry(configuration, "icpo.group.policy-rollouts") is var (value, source) ? (value, source[..12]) : default
        );
        Assert.Equal(("7", "run.conf:1"), Entry(configuration, "icpo.group.groups-per-update"));
        Assert.Equal("grpo", configuration.With([new("preset", "grpo")]).Settings.Preset);
        Assert.Equal(8, configuration.With([new("preset", "grpo")]).Settings.Group.PolicyRollouts);
    }

    [Fact]
    public void Every_preset_loads_and_its_effective_configuration_loads_back_to_the_same()
    {
        Assert.Equal(["grpo", "grpo-extra", "icpo", "icpo-rs", "ief", "sft"], IcpoConfiguration.Presets);
        foreach (string preset in IcpoConfiguration.Presets)
        {
            var configuration = IcpoConfiguration.Load(
                new ConfigurationSources { Overrides = [$"preset={preset}", "run.name=a \"name\" # with, signs", "run.seed=7"] }
            );
            var again = IcpoConfiguration.Load(
                new ConfigurationSources { Files = [new ConfigurationFile("effective.conf", configuration.Render())] }
            );
            Assert.Equal(configuration.Entries.Select(e => (e.Key, e.Value)), again.Entries.Select(e => (e.Key, e.Value)));
            Assert.Equal(configuration.Settings.ToString(), again.Settings.ToString());
            Assert.Equal("a \"name\" # with, signs", again.Settings.Name);
        }
    }

    [Fact]
    public void Presets_differ_from_the_reference_as_their_names_say()
    {
        static (int, int, bool) Group(string preset) =>
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = [$"preset={preset}"] }).Settings is var s
                ? (s.Group.PolicyRollouts, s.Group.ExpertRollouts, s.Expert.RejectSampling)
                : default;
        Assert.Equal((8, 0), (Group("grpo").Item1, Group("grpo").Item2));
        Assert.Equal((9, 0), (Group("grpo-extra").Item1, Group("grpo-extra").Item2));
        Assert.Equal((8, 1, false), Group("ief"));
        Assert.Equal((8, 1, true), Group("icpo"));
        Assert.Equal((0, 1, false), Group("sft"));
        Assert.Equal(
            BonusSchedule.Linear,
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = ["preset=icpo-rs"] }).Settings.Expert.Bonus
        );
    }

    [Fact]
    public void Lists_can_be_set_anywhere()
    {
        var file = new ConfigurationFile(
            "run.conf",
            "icpo.task.jsonl {\n  fields.tags = [\n    subject, # split by it\n    \"school year\"\n  ]\n}"
        );
        Assert.Equal(
            ["subject", "school year"],
            IcpoConfiguration.Load(new ConfigurationSources { Files = [file] }).Settings.Task.Jsonl.Fields.Tags
        );
        Assert.Equal(
            ["a", "b c"],
            IcpoConfiguration
                .Load(new ConfigurationSources { Overrides = ["task.jsonl.fields.tags=[a, \"b c\"]"] })
                .Settings.Task.Jsonl.Fields.Tags
        );
    }

    [Fact]
    public void The_staleness_correction_follows_the_admission_unless_it_is_named()
    {
        static StalenessCorrection Of(params string[] set) =>
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. set] }).Settings.Learner.Objective.Correction;
        Assert.Equal(StalenessCorrection.Decoupled, Of());
        Assert.Equal(StalenessCorrection.None, Of("admission.max-staleness=0"));
        Assert.Equal(StalenessCorrection.IcePop, Of("admission.max-staleness=0", "objective.correction=ice-pop"));
    }

    private static (string Value, string Source) Of(ConfigurationSources sources) => Entry(IcpoConfiguration.Load(sources), Key);

    private static (string Value, string Source) Entry(IcpoConfiguration configuration, string key) =>
        configuration.Entries.Single(e => e.Key == key) is var entry ? (entry.Value, entry.Source) : default;
}
