using System.Collections.Immutable;
using System.CommandLine;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Host.Commands;

/// <summary>The configuration options, shared by the commands that load a configuration.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string[]> _config = new("--config", "-c")
    {
        Description = "HOCON run file that overrides the defaults; may be repeated, later files take precedence.",
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
        Description = "Seed of all random numbers (--set run.seed=…).",
        HelpName = "N",
    };

    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Set a configuration key, overriding files and environment; may be repeated. The prefix icpo. is optional.",
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

    /// <summary>Loads the configuration of the options; <paramref name="overrides"/> (<c>key=value</c>) take precedence.</summary>
    public IcpoConfiguration Load(ParseResult parsed, params IEnumerable<string> overrides)
    {
        string? preset = parsed.GetResult(_preset) is null ? null : parsed.GetValue(_preset);
        string? seed = parsed.GetResult(_seed) is null ? null : parsed.GetValue(_seed);
        ImmutableArray<string> all =
        [
            .. parsed.GetValue(_set) ?? [],
            .. ModelOptions.Override("preset", preset),
            .. ModelOptions.Override("run.seed", seed),
            .. overrides,
        ];
        return IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Files = [.. (parsed.GetValue(_config) ?? []).Select(ConfigurationFile.Open)],
                Environment = ConfigurationSources.ProcessEnvironment(),
                Overrides = all,
            }
        );
    }
}
