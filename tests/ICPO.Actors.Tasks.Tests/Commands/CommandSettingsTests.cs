using System.Globalization;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Commands;
using ICPO.Actors.Tasks.Rewards;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Commands;

/// <summary>Which commands are refused before a run, which files they are, and the range of their rewards.</summary>
public sealed class CommandSettingsTests : IDisposable
{
    /// <summary>A script that answers each case; the reward and the end follow.</summary>
    private const string Answering =
        "while read -r line; do id=${line#*\\\"id\\\":\\\"}; id=${id%%\\\"*}; echo \"{\\\"id\\\":\\\"$id\\\",\\\"reward\\\":";

    private readonly TemporaryFolder _folder = new();

    public CommandSettingsTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands of this test are shell scripts.");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("no-such-program-of-anyone")]
    [InlineData("./missing.sh")]
    [InlineData("./plain.txt")]
    public async Task A_command_that_cannot_start_is_refused_before_a_run(string program)
    {
        _folder.Write("plain.txt", "");
        await using var verifier = new CommandVerifier(Settings([program]));
        Assert.Contains(
            Path.GetFileName(program),
            Assert.Throws<ArgumentException>(verifier.RequireStartable).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_files_of_a_command_are_those_that_it_names()
    {
        string script = _folder.Write("reward.py", ""),
            module = _folder.Write("helper.py", "");
        CommandSettings command = Settings(["python3", "reward.py", "--strict", "/dev/stdin", "x"]).Command with { Files = ["helper.py"] };
        Assert.Equal([script, module], CommandLine.Files(command));
        Assert.Throws<ArgumentException>(() => CommandLine.RequireStartable(command with { Files = ["other.py"] }));
        Assert.Throws<ArgumentException>(() => CommandLine.RequireStartable(command with { Directory = _folder.In("none") }));
    }

    [Theory]
    [InlineData(-1, 1, 0, 0.5)]
    [InlineData(-1, 1, -1, 0)]
    [InlineData(0, 10, 7, 0.7)]
    [InlineData(5, 6, 6, 1)]
    public async Task A_range_is_mapped_to_one(double minimum, double maximum, double reward, double expected)
    {
        await using var verifier = new CommandVerifier(
            Settings(["/bin/sh", "-c", string.Create(CultureInfo.InvariantCulture, $"{Answering}{reward}}}\"; done")]) with
            {
                Rewards = new RewardScale
                {
                    Minimum = minimum,
                    Maximum = maximum,
                    CorrectFrom = maximum,
                },
            }
        );
        Judgment judgment = await verifier.JudgeAsync("x");
        Assert.Equal((reward == maximum ? Verdict.Correct : Verdict.Wrong, expected), (judgment.Verdict, judgment.Reward!.Value));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 1, 1.5)]
    public void A_range_that_contradicts_itself_is_refused(double minimum, double maximum, double correctFrom) =>
        Assert.Throws<ArgumentException>(() =>
            new CommandVerifier(
                Settings(["true"]) with
                {
                    Rewards = new RewardScale
                    {
                        Minimum = minimum,
                        Maximum = maximum,
                        CorrectFrom = correctFrom,
                    },
                }
            )
        );

    [Fact]
    public void A_verifier_without_a_command_is_refused() => Assert.Throws<ArgumentException>(() => new CommandVerifier(Settings([])));

    private VerifierSettings Settings(string[] run) =>
        new()
        {
            Command = new() { Run = [.. run], Directory = _folder.Path },
        };
}
