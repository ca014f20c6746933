using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Configuration.Tests;

/// <summary>Addresses in the configuration: of seeds, of what is listened on, and of collectors.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("host:1", "host", 1, false)]
    [InlineData("10.0.0.1:65535", "10.0.0.1", 65535, false)]
    [InlineData("dns:icpo-learner.ns.svc:4053", "icpo-learner.ns.svc", 4053, true)]
    public void A_seed_is_a_host_or_a_name_with_a_port(string text, string host, int port, bool isName)
    {
        Assert.True(SeedAddress.TryParse(text, out SeedAddress seed));
        Assert.Equal((new SeedAddress(host, port, isName), text), (seed, seed.ToString()));
    }

    [Theory]
    [InlineData("icpo.cluster.seeds", "host")]
    [InlineData("icpo.cluster.seeds", "host:0")]
    [InlineData("icpo.cluster.seeds", "host:65536")]
    [InlineData("icpo.cluster.seeds", ":4053")]
    [InlineData("icpo.cluster.seeds", "dns:name")]
    [InlineData("icpo.cluster.seeds", "dns:4053")]
    [InlineData("icpo.cluster.seeds", "dns::4053")]
    [InlineData("icpo.cluster.seeds", "dns:a:b:4053")]
    [InlineData("icpo.telemetry.listen", "9464")]
    [InlineData("icpo.telemetry.listen", ":9464")]
    [InlineData("icpo.telemetry.listen", "host:70000")]
    [InlineData("icpo.telemetry.listen", "host:")]
    [InlineData("icpo.telemetry.otlp.endpoint", "collector:4318")]
    [InlineData("icpo.telemetry.otlp.endpoint", "file:///tmp")]
    [InlineData("icpo.telemetry.otlp.endpoint", "nonsense")]
    public void What_is_not_an_address_is_refused_with_its_key(string key, string value)
    {
        var sources = new ConfigurationSources { Overrides = [$"{key}=\"{value}\""] };
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => IcpoConfiguration.Load(sources));
        Assert.Contains(key, Assert.Single(refused.Problems));
        Assert.Contains(value, refused.Message);
    }

    [Fact]
    public void Telemetry_is_off_unless_it_is_configured()
    {
        TelemetrySettings settings = IcpoConfiguration.Load().Settings.Telemetry;
        Assert.Null(settings.Listen);
        Assert.Null(settings.Otlp);
        Assert.False(settings.LogsJson);
    }

    [Fact]
    public void Telemetry_is_read()
    {
        var sources = new ConfigurationSources
        {
            Overrides =
            [
                "telemetry.listen=\"0.0.0.0:9464\"",
                "telemetry.otlp.endpoint=\"http://collector:4317\"",
                "telemetry.otlp.protocol=grpc",
                "telemetry.otlp.interval=3s",
            ],
        };
        TelemetrySettings settings = IcpoConfiguration.Load(sources).Settings.Telemetry;
        Assert.Equal(new ListenAddress("0.0.0.0", 9464), settings.Listen);
        Assert.Equal(new OtlpSettings(new Uri("http://collector:4317"), UsesGrpc: true, TimeSpan.FromSeconds(3)), settings.Otlp);
    }
}
