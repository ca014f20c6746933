using System.Runtime.InteropServices;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Tests.CommandLine;

public sealed class IgnoredSignalsTests
{
    [Theory]
    [InlineData("SigIgn:\t0000000000000000", "")]
    [InlineData("SigIgn:\t0000000000000001", "SIGHUP")]
    [InlineData("SigIgn:\t0000000000000003", "SIGHUP SIGINT")]
    [InlineData("SigIgn:\t0000000000005007", "SIGHUP SIGINT SIGTERM")]
    [InlineData("SigIgn:\t0000000000001004", "")]
    [InlineData("SigIgn:\tnonsense", "")]
    [InlineData("SigCgt:\t0000000000000001", "")]
    public void The_mask_of_the_system_names_the_ignored_signals(string line, string expected) =>
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<PosixSignal>).Order(),
            IgnoredSignals.Parse(["Name:\ticpo", line, "Threads:\t1"]).Order()
        );
}
