using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Tests;

public sealed class RefusalTests
{
    [Theory]
    [InlineData(
        "icpo {\n  group {\n    policy-rolouts = 4\n  }\n}",
        "run.conf:3",
        "icpo.group.policy-rolouts",
        "icpo.group.policy-rollouts"
    )]
    [InlineData("icpo.policy-rollouts = 4", "run.conf:1", "icpo.policy-rollouts", "icpo.group.policy-rollouts")]
    [InlineData("icpo.optimiser.learning-rate = 4", "run.conf:1", "icpo.optimiser.learning-rate", "icpo.optimizer.learning-rate")]
    [InlineData("akka.loglevel = DEBUG", "run.conf:1", "akka.loglevel", "the nearest is")]
    public void An_unknown_key_is_refused_with_its_place_and_the_nearest_known_key(string text, params string[] said) =>
        Refused(text, said);

    [Theory]
    [InlineData("icpo.group.policy-rollouts = eight", "icpo.group.policy-rollouts = eight", "a whole number from 0 to 4096")]
    [InlineData("icpo.run.seed = -1", "icpo.run.seed = -1", "2^64")]
    [InlineData("icpo.sampler.top-p = 1.5", "icpo.sampler.top-p = 1.5", "a number above 0, to 1")]
    [InlineData("icpo.objective.lambda = 0", "icpo.objective.lambda = 0", "a number above 0")]
    [InlineData("icpo.objective.dual-clip = 0.5", "icpo.objective.dual-clip = 0.5", "a number above 1, or off")]
    [InlineData("icpo.optimizer.learning-rate = NaN", "icpo.optimizer.learning-rate = NaN", "a number above 0")]
    [InlineData("icpo.objective.correction = tis", "icpo.objective.correction = tis", "auto, none, decoupled, tis-token")]
    [InlineData("icpo.verification.timeout = 10", "icpo.verification.timeout = 10", "500ms, 30s")]
    [InlineData("icpo.model.device = gpu", "icpo.model.device = gpu", "cpu, cuda")]
    [InlineData("icpo.expert.reject-sampling = maybe", "icpo.expert.reject-sampling = maybe", "true or false")]
    [InlineData("icpo.admission.hard-staleness-bound = -1", "icpo.admission.hard-staleness-bound = -1", "or off")]
    [InlineData("icpo.preset = ipco", "icpo.preset = ipco", "grpo, grpo-extra, icpo")]
    public void A_bad_value_is_refused_with_the_key_the_value_and_what_is_allowed(string text, params string[] said) =>
        Refused(text, ["run.conf:1", .. said]);

    [Theory]
    [InlineData("icpo { group.policy-rollouts = 0, group.expert-rollouts = 0 }", "at least one rollout")]
    [InlineData("icpo { group.policy-rollouts = 1 }", "raise icpo.group.policy-rollouts")]
    [InlineData("icpo { objective.band-low = 6 }", "icpo.objective.band-low = 6 is not below")]
    [InlineData("icpo { optimizer.warmup-updates = 1000 }", "beyond icpo.run.updates")]
    [InlineData("icpo { task.name = jsonl }", "icpo.task.jsonl.path is empty")]
    public void Keys_that_contradict_each_other_are_refused(string text, params string[] said) => Refused(text, said);

    [Theory]
    [InlineData("icpo {\n  run {\n    updates = 2\n}\n", "run.conf:5", "opened in line 1 is never closed")]
    [InlineData("icpo { run.updates = 2 } }", "run.conf:1", "closes nothing")]
    [InlineData("icpo.model.path = http://host/model", "put the value in double quotes")]
    [InlineData("icpo.model.path = \"unclosed\nicpo.run.seed = 1", "run.conf:1", "never closed")]
    [InlineData("icpo.run.seed = ${SEED}", "substitutions are not read")]
    [InlineData("icpo.run.seed = ", "has no value")]
    [InlineData("icpo.run.updates = = 3", "unquoted")]
    [InlineData("icpo.task.jsonl.fields.tags = [a, b", "never closed")]
    [InlineData("icpo.task.jsonl.fields.tags += a", "'+=' is not read")]
    [InlineData("icpo.run.name = \"a\" b", "goes on after its end")]
    [InlineData("include \"other.conf\"", "'include' is not read")]
    [InlineData("icpo.run.seed 5", "there must be '='")]
    public void Text_that_is_not_hocon_is_refused_with_its_line(string text, params string[] said) => Refused(text, ["run.conf:", .. said]);

    [Fact]
    public void All_problems_are_told_together()
    {
        var sources = new ConfigurationSources
        {
            Files = [new ConfigurationFile("run.conf", "icpo.run.seeds = 1\nicpo.run.updates = 0")],
            Environment = new Dictionary<string, string> { ["ICPO__GROUP__POLICY_ROLLOUT"] = "3" },
            Overrides = ["model.dtype=float16"],
        };
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => IcpoConfiguration.Load(sources));
        Assert.Equal(4, refused.Problems.Length);
        Assert.Contains("run.conf:1", refused.Problems[0]);
        Assert.Contains("environment ICPO__GROUP__POLICY_ROLLOUT", refused.Problems[1]);
        Assert.Contains("run.conf:2", refused.Problems[2]);
        Assert.Contains("--set", refused.Problems[3]);
        Assert.All(refused.Problems, problem => Assert.Contains(problem, refused.Message));
    }

    [Fact]
    public void A_set_without_a_value_and_a_missing_file_are_refused()
    {
        Assert.Contains(
            "key=value",
            Assert
                .Throws<ConfigurationException>(() => IcpoConfiguration.Load(new ConfigurationSources { Overrides = ["run.seed"] }))
                .Message
        );
        Assert.Contains(
            "no such file",
            Assert.Throws<ConfigurationException>(() => ConfigurationFile.Open("no-such-folder/run.conf")).Message
        );
    }

    private static void Refused(string text, string[] said)
    {
        var sources = new ConfigurationSources { Files = [new ConfigurationFile("run.conf", text)] };
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => IcpoConfiguration.Load(sources));
        Assert.Single(refused.Problems);
        Assert.All(said, part => Assert.Contains(part, refused.Message));
    }
}
