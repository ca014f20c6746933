using System.Collections.Immutable;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Tasks.Prompts;

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
    public void Each_layer_overrides_the_ones_below_and_is_named_as_the_source()
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
    public void A_preset_overrides_the_reference_and_nothing_else()
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
        Assert.Equal(
            Directory.GetFiles(Repository.In("hocon", "presets")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            IcpoConfiguration.Presets.Order(StringComparer.Ordinal)
        );
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
    public void Every_preset_is_in_the_reference_and_in_the_documentation()
    {
        string reference = File.ReadAllText(Repository.In("hocon", "reference.conf"));
        string documented = File.ReadAllText(Repository.In("docs", "presets.md"));
        string listed = reference[..reference.IndexOf("preset = ", StringComparison.Ordinal)];
        string[] names = listed.Split([' ', ',', ':', '.', '\n', '#'], StringSplitOptions.RemoveEmptyEntries);
        Assert.All(IcpoConfiguration.Presets, preset =>
        {
            Assert.Contains(preset, names);
            Assert.Contains($"| `{preset}` ", documented, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Presets_set_the_rollouts_that_their_names_stand_for()
    {
        static (int, int, bool) Group(string preset) =>
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = [$"preset={preset}"] }).Settings is var s
                ? (s.Group.PolicyRollouts, s.Group.ExpertRollouts, s.Expert.RejectSampling)
                : default;
        Assert.Equal((8, 0), (Group("grpo").Item1, Group("grpo").Item2));
        Assert.Equal((9, 0), (Group("grpo-9").Item1, Group("grpo-9").Item2));
        Assert.Equal((8, 1, false), Group("icpo-no-rejection"));
        Assert.Equal((8, 1, true), Group("icpo"));
        Assert.Equal((0, 1, false), Group("sft"));
        Assert.Equal(
            BonusSchedule.Linear,
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = ["preset=icpo-bonus"] }).Settings.Expert.Bonus
        );
    }

    [Theory]
    [InlineData("ief", "icpo-no-rejection")]
    [InlineData("grpo-extra", "grpo-9")]
    [InlineData("icpo-rs", "icpo-bonus")]
    public void A_former_name_of_a_preset_is_valid_in_every_layer_and_replaced_by_the_current_one(string former, string current)
    {
        var expected = IcpoConfiguration.Load(new ConfigurationSources { Overrides = [$"preset={current}"] });
        ConfigurationSources[] layers =
        [
            new() { Files = [new ConfigurationFile("run.conf", $"icpo.preset = {former}")] },
            new() { Environment = new Dictionary<string, string> { ["ICPO__PRESET"] = former } },
            new() { Overrides = [$"preset={former}"] },
            new() { Code = [new("preset", former)] },
        ];
        foreach (IcpoConfiguration configuration in layers.Select(IcpoConfiguration.Load).Append(expected.With([new("preset", former)])))
        {
            Assert.Equal(expected.Entries.Select(e => (e.Key, e.Value)), configuration.Entries.Select(e => (e.Key, e.Value)));
            Assert.Equal((current, current), (configuration.Settings.Preset, configuration.Settings.Name));
        }

        var stored = IcpoConfiguration.LoadStored(
            new ConfigurationFile("effective.conf", expected.Render().Replace($" = {current}", $" = {former}", StringComparison.Ordinal)),
            out ImmutableArray<string> notes
        );
        Assert.Empty(notes);
        Assert.Equal(current, stored.Settings.Preset);
    }

    [Fact]
    public void A_former_key_is_read_as_the_current_one()
    {
        var former = IcpoConfiguration.Load(
            new ConfigurationSources { Overrides = ["model.lora.rank=2", "model.lora.rank-stabilised=true"] }
        );
        Assert.True(former.Settings.Model.Lora!.UseRslora);
        Assert.Equal(("true", "--set"), Entry(former, "icpo.model.lora.rank-stabilized"));
    }

    [Theory]
    [InlineData("icpo.task.jsonl.prompt = auto", PromptStyle.ByData, SpecialTokenRule.None)]
    [InlineData("icpo.task.jsonl.prompt = plain", PromptStyle.Plain, SpecialTokenRule.None)]
    [InlineData("icpo.task.jsonl.prompt = chat", PromptStyle.Chat, SpecialTokenRule.None)]
    [InlineData("icpo.run.seed = 3", PromptStyle.ByData, SpecialTokenRule.None)]
    [InlineData("icpo { task.prompt.style = auto, model.special-tokens = auto }", PromptStyle.Auto, SpecialTokenRule.Auto)]
    [InlineData("icpo { task.prompt.style = plain, model.special-tokens = begin }", PromptStyle.Plain, SpecialTokenRule.Begin)]
    public void A_stored_run_of_an_earlier_version_keeps_the_prompts_it_had(string stored, PromptStyle style, SpecialTokenRule rule)
    {
        RunSettings settings = IcpoConfiguration
            .LoadStored(new ConfigurationFile("effective.conf", stored), out ImmutableArray<string> notes)
            .Settings;
        Assert.Equal((style, rule), (settings.Task.Prompt.Style, settings.Model.SpecialTokens));
        Assert.Empty(notes);
        RunSettings own = IcpoConfiguration.Load(new ConfigurationSources { Overrides = ["task.jsonl.prompt=auto"] }).Settings;
        Assert.Equal((PromptStyle.Auto, SpecialTokenRule.Auto), (own.Task.Prompt.Style, own.Model.SpecialTokens));
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
        Assert.Equal(new Decoupled(), Of());
        Assert.Equal(new NoCorrection(), Of("admission.max-staleness=0"));
        Assert.Equal(new IcePop(), Of("admission.max-staleness=0", "objective.correction=ice-pop"));
    }

    private static (string Value, string Source) Of(ConfigurationSources sources) => Entry(IcpoConfiguration.Load(sources), Key);

    private static (string Value, string Source) Entry(IcpoConfiguration configuration, string key) =>
        configuration.Entries.Single(e => e.Key == key) is var entry ? (entry.Value, entry.Source) : default;

    [Theory]
    [InlineData("cuda", "bfloat16")]
    [InlineData("cpu", null)]
    public void An_automatic_dtype_is_stored_as_what_it_resolved_to(string device, string? dtype)
    {
        dtype ??= Bfloat16Products.FastestDtype("cpu");
        var loaded = IcpoConfiguration.Load(new ConfigurationSources { Overrides = [$"model.device={device}", "model.dtype=auto"] });
        var stored = IcpoConfiguration.Load(
            new ConfigurationSources { Files = [new ConfigurationFile("effective.conf", loaded.Render())] }
        );

        Assert.All([loaded, stored], configuration =>
        {
            Assert.Equal(dtype, configuration.Settings.Model.DType);
            Assert.Equal(dtype, configuration.Entries.Single(entry => entry.Key == "icpo.model.dtype").Value);
        });
    }
}
