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

    public const string SetName = "--set";

    public static Option<string[]> Set() =>
        new(SetName)
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

    /// <summary>The options but one.</summary>
    public IEnumerable<Option> Except(string name) => new Option[] { _config, _set, _preset, _seed }.Where(o => o.Name != name);

    /// <summary>The values of the environment and of --set, for a configuration that is stored.</summary>
    public ConfigurationSources Changes(ParseResult parsed) =>
        new() { Environment = ConfigurationSources.ProcessEnvironment(), Overrides = [.. parsed.GetValue(_set) ?? []] };

    /// <summary>Loads the configuration of the options; <paramref name="overrides"/> (<c>key=value</c>) take precedence.</summary>
    public IcpoConfiguration Load(ParseResult parsed, params IEnumerable<string> overrides) => Load(parsed, overrides, file: null);

    /// <inheritdoc cref="Load(ParseResult, IEnumerable{string})"/>
    /// <param name="file">A run file below those of --config; null for none.</param>
    public IcpoConfiguration Load(ParseResult parsed, IEnumerable<string> overrides, ConfigurationFile? file)
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
                Files =
                [
                    .. file is null ? Array.Empty<ConfigurationFile>() : [file],
                    .. (parsed.GetValue(_config) ?? []).Select(ConfigurationFile.Open),
                ],
                Environment = ConfigurationSources.ProcessEnvironment(),
                Overrides = all,
            }
        );
    }
}
