using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Tests;

public sealed class NearestKeyTests
{
    private static readonly string[] Known = [.. IcpoConfiguration.Load().Entries.Select(entry => entry.Key)];

    [Theory]
    [InlineData("optimizer.lr", "optimizer.learning-rate")]
    [InlineData("lr", "optimizer.learning-rate")]
    [InlineData("optimizer.learn", "optimizer.learning-rate")]
    [InlineData("learning_rate", "optimizer.learning-rate")]
    [InlineData("optimizer.beta", "optimizer.beta1")]
    [InlineData("optimizer.warmup", "optimizer.warmup-updates")]
    [InlineData("optimizer.weight_decay", "optimizer.weight-decay")]
    [InlineData("max_grad_norm", "optimizer.gradient-clip")]
    [InlineData("batch_size", "group.groups-per-update")]
    [InlineData("train.batch_size", "group.groups-per-update")]
    [InlineData("epochs", "run.updates")]
    [InlineData("max_steps", "run.updates")]
    [InlineData("beta", "objective.kl-coefficient")]
    [InlineData("kl_coef", "objective.kl-coefficient")]
    [InlineData("num_generations", "group.policy-rollouts")]
    [InlineData("group.rollouts", "group.policy-rollouts")]
    [InlineData("temperature", "sampler.temperature")]
    [InlineData("max_new_tokens", "sampler.max-tokens")]
    [InlineData("max_tokens", "sampler.max-tokens")]
    [InlineData("seed", "run.seed")]
    [InlineData("lora_r", "model.lora.rank")]
    [InlineData("model.lora.r", "model.lora.rank")]
    [InlineData("save_steps", "checkpoint.every")]
    [InlineData("eval_steps", "evaluation.every")]
    [InlineData("model_name_or_path", "model.path")]
    [InlineData("objective.clip", "objective.clip-low")]
    [InlineData("group.policy-rolouts", "group.policy-rollouts")]
    [InlineData("optimiser.learning-rate", "optimizer.learning-rate")]
    [InlineData("Run.Updates", "run.updates")]
    public void An_unknown_key_is_answered_with_the_one_that_was_meant(string name, string expected) =>
        Assert.Equal("icpo." + expected, NearestKey.Find("icpo." + name, Known));

    [Fact]
    public void Every_synonym_stands_for_a_key()
    {
        string[] names = ["lr", "batch-size", "epochs", "beta", "r", "n", "clip", "wd", "bf16", "grader"];
        Assert.All(names, name => Assert.Contains(KeySynonyms.Find(name), Known));
    }

    [Fact]
    public void Any_name_gets_an_answer() => Gen.String.Sample(name => Assert.Contains(NearestKey.Find(name, Known), Known), iter: 200);
}
