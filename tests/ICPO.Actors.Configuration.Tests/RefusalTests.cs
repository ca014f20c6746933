using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Tests;

/// <summary>
/// Invalid configuration. Expected are the parts of a message that tools and users look for: place, key, value, allowed values.
/// </summary>
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
    [InlineData("akka.loglevel = DEBUG", "run.conf:1", "akka.loglevel", "icpo.")]
    public void An_unknown_key_is_refused_with_its_place_and_the_nearest_known_key(string text, params string[] expected) =>
        Refused(text, expected);

    [Theory]
    [InlineData("icpo.group.policy-rollouts = eight", "icpo.group.policy-rollouts = eight", "0", "4096")]
    [InlineData("icpo.run.seed = -1", "icpo.run.seed = -1", "2^64")]
    [InlineData("icpo.sampler.top-p = 1.5", "icpo.sampler.top-p = 1.5", "0", "1")]
    [InlineData("icpo.objective.lambda = 0", "icpo.objective.lambda = 0", "above 0")]
    [InlineData("icpo.objective.dual-clip = 0.5", "icpo.objective.dual-clip = 0.5", "above 1", "off")]
    [InlineData("icpo.optimizer.learning-rate = NaN", "icpo.optimizer.learning-rate = NaN", "above 0")]
    [InlineData("icpo.objective.correction = tis", "icpo.objective.correction = tis", "auto, none, decoupled, tis-token")]
    [InlineData("icpo.verification.timeout = 10", "icpo.verification.timeout = 10", "500ms, 30s")]
    [InlineData("icpo.model.device = gpu", "icpo.model.device = gpu", "cpu, cuda")]
    [InlineData("icpo.expert.reject-sampling = maybe", "icpo.expert.reject-sampling = maybe", "true or false")]
    [InlineData("icpo.admission.hard-staleness-bound = -1", "icpo.admission.hard-staleness-bound = -1", "off")]
    [InlineData("icpo.admission.max-queue-age = never", "icpo.admission.max-queue-age = never", "off")]
    [InlineData("icpo.telemetry.trace-share = 2", "icpo.telemetry.trace-share = 2", "0", "1")]
    [InlineData("icpo.telemetry.otlp.protocol = udp", "icpo.telemetry.otlp.protocol = udp", "http, grpc")]
    [InlineData("icpo.preset = ipco", "icpo.preset = ipco", "grpo, grpo-9, gspo, hpt, icpo")]
    public void An_invalid_value_is_refused_with_the_key_the_value_and_what_is_allowed(string text, params string[] expected) =>
        Refused(text, ["run.conf:1", .. expected]);

    [Theory]
    [InlineData("", "icpo.engine.openai.servers")]
    [InlineData("openai.servers = [\"gpu1\"]", "icpo.engine.openai.servers", "gpu1", "http://")]
    [InlineData("openai.servers = [\"http://a\"]", "icpo.engine.openai.weights", "icpo.admission.max-staleness", "150")]
    [InlineData("count = 3, openai { servers = [\"http://a\"], weights = disk }", "icpo.engine.count", "1 servers")]
    [InlineData("openai { servers = [\"http://a\"], weights = disk }", "icpo.model.lora.rank")]
    [InlineData("openai { servers = [\"http://a\"], weights = disk, protocol = sglang }", "icpo.engine.openai.weights-directory")]
    [InlineData("openai { servers = [\"http://a\"], weights = disk, protocol = llama-server }", "llama-server", "none")]
    [InlineData("openai.servers = [\"https://user:secret@a\"]", "icpo.engine.openai.servers", "icpo.engine.openai.key-variable")]
    [InlineData("openai { servers = [\"http://a\"], key-variable = KEY }", "icpo.engine.openai.key-variable", "https")]
    [InlineData("openai { servers = [\"http://a\"], max-mismatch = 0 }", "icpo.engine.openai.max-mismatch", "above 0")]
    public void Servers_that_cannot_sample_a_run_are_refused_with_the_key(string engine, params string[] expected) =>
        Refused($"icpo.engine {{ kind = openai, {engine} }}", expected);

    [Theory]
    [InlineData(
        "icpo { group.policy-rollouts = 0, group.expert-rollouts = 0 }",
        "icpo.group.policy-rollouts",
        "icpo.group.expert-rollouts"
    )]
    [InlineData("icpo { group.policy-rollouts = 1 }", "icpo.group.policy-rollouts", "icpo.group.advantage = one")]
    [InlineData("icpo { objective.band-low = 6 }", "icpo.objective.band-low = 6", "icpo.objective.band-high = 5")]
    [InlineData("icpo { sampler.temperature = 0.0000001 }", "icpo.sampler.temperature", "use 0")]
    [InlineData("icpo { optimizer.warmup-updates = 1000 }", "icpo.optimizer.warmup-updates = 1000", "icpo.run.updates = 150")]
    [InlineData("icpo { task.name = jsonl }", "icpo.task.jsonl.path")]
    [InlineData("icpo { task.maze.size = 10 }", "icpo.task.maze.size = 10", "11")]
    [InlineData("icpo { objective.policy-loss = opsd }", "icpo.objective.policy-loss = opsd", "icpo.expert.teacher")]
    [InlineData("icpo { expert.teacher = steered }", "icpo.expert.teacher", "icpo.objective.teacher-coefficient")]
    [InlineData("icpo { task.prompt.question = \"Think.\" }", "icpo.task.prompt.question", "{question}")]
    [InlineData("icpo.task.prompt { system = S, style = plain }", "icpo.task.prompt.system", "icpo.task.prompt.style")]
    public void Keys_that_contradict_each_other_are_refused(string text, params string[] expected) => Refused(text, expected);

    [Theory]
    [InlineData("icpo {\n  run {\n    updates = 2\n}\n", "run.conf:5", "line 1", "'}'")]
    [InlineData("icpo { run.updates = 2 } }", "run.conf:1", "'}'")]
    [InlineData("icpo.model.path = http://host/model", "run.conf:1", "icpo.model.path", "quotes")]
    [InlineData("icpo.model.path = \"unclosed\nicpo.run.seed = 1", "run.conf:1", "'\"'")]
    [InlineData("icpo.run.seed = ${SEED}", "run.conf:1", "icpo.run.seed", "'$'")]
    [InlineData("icpo.run.seed = ", "run.conf:1", "icpo.run.seed")]
    [InlineData("icpo.run.updates = = 3", "run.conf:1", "icpo.run.updates", "'='")]
    [InlineData("icpo.task.jsonl.fields.tags = [a, b", "run.conf:1", "icpo.task.jsonl.fields.tags", "']'")]
    [InlineData("icpo.task.jsonl.fields.tags += a", "run.conf:1", "icpo.task.jsonl.fields.tags", "'+='")]
    [InlineData("icpo.run.name = \"a\" b", "run.conf:1", "icpo.run.name", "quotes")]
    [InlineData("include \"other.conf\"", "run.conf:1", "'include'")]
    [InlineData("icpo.run.seed 5", "run.conf:1", "icpo.run.seed", "'='")]
    public void Text_that_is_not_hocon_is_refused_with_its_line(string text, params string[] expected) => Refused(text, expected);

    [Fact]
    public void All_problems_are_reported_together()
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
            "--set run.seed",
            Assert
                .Throws<ConfigurationException>(() => IcpoConfiguration.Load(new ConfigurationSources { Overrides = ["run.seed"] }))
                .Message
        );
        Assert.Contains(
            "no-such-folder/run.conf",
            Assert.Throws<ConfigurationException>(() => ConfigurationFile.Open("no-such-folder/run.conf")).Message
        );
    }

    private static void Refused(string text, string[] expected)
    {
        var sources = new ConfigurationSources { Files = [new ConfigurationFile("run.conf", text)] };
        ConfigurationException refused = Assert.Throws<ConfigurationException>(() => IcpoConfiguration.Load(sources));
        Assert.Single(refused.Problems);
        Assert.All(expected, part => Assert.Contains(part, refused.Message));
    }
}
