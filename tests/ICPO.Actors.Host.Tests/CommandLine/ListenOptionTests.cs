using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Tests.CommandLine;

public sealed class ListenOptionTests
{
    private static readonly ListenAddress Usual = new("127.0.0.1", 7420);

    [Theory]
    [InlineData("0.0.0.0:7420", "0.0.0.0", 7420)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("0", "127.0.0.1", 0)]
    [InlineData("8080", "127.0.0.1", 8080)]
    public void An_address_has_a_host_and_a_port(string text, string host, int port) =>
        Assert.Equal(new ListenAddress(host, port), ListenOption.Parse(text, "--listen", Usual));

    [Fact]
    public void An_omitted_address_is_the_usual_one() => Assert.Same(Usual, ListenOption.Parse(null, "--listen", Usual));

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":80")]
    [InlineData("host:")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:x")]
    public void Anything_else_names_the_option(string text) =>
        Assert.Contains(
            "--listen",
            Assert.Throws<UsageException>(() => ListenOption.Parse(text, "--listen", Usual)).Message,
            StringComparison.Ordinal
        );
}
