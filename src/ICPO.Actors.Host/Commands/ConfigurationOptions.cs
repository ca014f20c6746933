using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Host.Commands;

/// <summary>The options that make a configuration, shared by the commands that take one.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string[]> _config = new("--config", "-c")
    {
        Description = "HOCON file laid over the reference; may be repeated, a later one wins.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string[]> _set = Set();
    private readonly Option<string?> _preset = new("--preset", "-p")
    {
        Description = $"One of {string.Join(", ", IcpoConfiguration.Presets)} (--set preset=…).",
        HelpName = "NAME",
    };
    private readonly Option<string?> _seed = new("--seed", "-s")
    {
        Description = "Seed of all randomness (--set run.seed=…).",
        HelpName = "N",
    };

    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Sets one key over files and environment; may be repeated. icpo. may be left out.",
            HelpName = "key=value",
            Arity = ArgumentArity.OneOrMore,
        };

    public void AddTo(Command command, bool withPreset = true)
    {
        command.Add(_config);
        command.Add(_set);
        if (withPreset)
        {
            command.Add(_preset);
            command.Add(_seed);
        }
    }

    public bool AnyGiven(ParseResult parsed) =>
        new Option[] { _config, _set, _preset, _seed }.Any(o => parsed.GetResult(o) is { Implicit: false });

    public IcpoConfiguration Load(ParseResult parsed, params IEnumerable<string> further) =>
        IcpoConfiguration.Load(Sources(parsed, further));

    public ConfigurationSources Sources(ParseResult parsed, params IEnumerable<string> further)
    {
        ImmutableArray<string> shortcuts =
        [
            .. parsed.GetResult(_preset) is null ? [] : new[] { $"preset={parsed.GetValue(_preset)}" },
            .. parsed.GetResult(_seed) is null ? [] : new[] { $"run.seed={parsed.GetValue(_seed)}" },
        ];
        return new ConfigurationSources
        {
            Files = [.. (parsed.GetValue(_config) ?? []).Select(ConfigurationFile.Open)],
            Environment = ConfigurationSources.ProcessEnvironment(),
            Overrides = [.. parsed.GetValue(_set) ?? [], .. shortcuts, .. further],
        };
    }
}
