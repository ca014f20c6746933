using ICPO.Actors.Cluster.Nodes;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Tests.Nodes;

public sealed class NodeConfigurationTests
{
    [Theory]
    [InlineData("run.updates=3", "icpo.run.updates")]
    [InlineData("preset=grpo", "icpo.preset")]
    [InlineData("optimizer.learning-rate=1e-3", "icpo.optimizer.learning-rate")]
    [InlineData("verification.timeout=3s", "icpo.verification.timeout")]
    public void A_key_of_the_run_is_refused_by_name(string setting, string key)
    {
        ConfigurationException refused = Assert.Throws<ConfigurationException>(Create(setting).Check);
        Assert.Contains(key, refused.Message);
        Assert.Contains("--set", refused.Message);
    }

    [Fact]
    public void The_settings_of_the_node_are_laid_over_those_of_the_run()
    {
        NodeConfiguration node = Create("engine.count=3", "cluster.name=a b", "model.device=cpu");
        node.Check();
        string run = IcpoConfiguration
            .Load(new ConfigurationSources { Overrides = ["run.updates=7", "engine.count=1", "cluster.roles=[learner]"] })
            .Render();
        IcpoConfiguration both = node.Apply(run);
        Assert.Equal((7, 3, "a b"), (both.Settings.Updates, both.Settings.Engines, both.Settings.Cluster.Name));
        Assert.Equal([ClusterRole.Rollout, ClusterRole.Expert, ClusterRole.Verifier], both.Settings.Cluster.Roles);
    }

    private static NodeConfiguration Create(params string[] overrides) =>
        new(IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. overrides] }));
}
