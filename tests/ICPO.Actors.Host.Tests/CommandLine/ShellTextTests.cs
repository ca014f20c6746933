using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Tests.CommandLine;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("/runs/a-1_b.c", "/runs/a-1_b.c")]
    [InlineData("/my runs/a", "'/my runs/a'")]
    [InlineData("/it's", @"'/it'\''s'")]
    [InlineData("/$HOME", "'/$HOME'")]
    [InlineData("", "''")]
    public void An_argument_is_quoted_where_a_shell_would_change_it(string argument, string expected) =>
        Assert.Equal(expected, ShellText.Quote(argument));

    [Fact]
    public void A_hint_names_the_directory_absolutely() => Assert.EndsWith($" {Path.GetFullPath("runs/a")}", ShellText.Resume("runs/a"));
}
