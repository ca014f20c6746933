using System.Text.RegularExpressions;
using ICPO.Actors.Configuration.Layers;

namespace EndToEnd.Tests.Deployment;

/// <summary>What files of deployment say to icpo: its keys, its options, its ports.</summary>
public sealed partial class DeployConfigurationTests
{
    private static readonly HashSet<string> Keys = [.. IcpoConfiguration.Load().Entries.Select(entry => entry.Key["icpo.".Length..])];

    public static TheoryData<string> Configurations =>
        [.. DeployFiles.Of(".conf").Select(path => Path.GetRelativePath(DeployFiles.Folder, path))];

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_configuration_is_valid(string path)
    {
        var configuration = IcpoConfiguration.Load(
            new ConfigurationSources { Files = [ConfigurationFile.Open(Path.Combine(DeployFiles.Folder, path))] }
        );
        Assert.Contains(configuration.Entries, entry => !entry.IsDefault);
    }

    [Fact]
    public void Keys_in_environments_and_commands_exist()
    {
        string[] used =
        [
            .. DeployFiles
                .All.SelectMany(path => Environment().Matches(File.ReadAllText(path)))
                .Select(match => match.Groups[1].Value.ToLowerInvariant().Replace("__", ".").Replace('_', '-')),
            .. DeployFiles
                .Commands()
                .SelectMany(words => words)
                .SelectMany(word => Setting().Matches(word))
                .Select(match => match.Groups[1].Value),
        ];
        Assert.NotEmpty(used);
        Assert.DoesNotContain(used, key => !Keys.Contains(key));
    }

    [Fact]
    public async Task Options_in_commands_exist()
    {
        ProcessEnd help = await IcpoProcess.RunAsync("node", "--help");
        string[] used = [.. DeployFiles.Commands().SelectMany(words => words).Where(word => Option().IsMatch(word)).Distinct()];
        Assert.Contains("--role", used);
        Assert.DoesNotContain(used, option => !Regex.IsMatch(help.Output, $@"{option}\b"));
    }

    [GeneratedRegex(@"\bICPO__([A-Z_]+)")]
    private static partial Regex Environment();

    [GeneratedRegex(@"^'?([a-z-]+(?:\.[a-z-]+)+)=")]
    private static partial Regex Setting();

    [GeneratedRegex("^--[a-z-]+$")]
    private static partial Regex Option();
}
