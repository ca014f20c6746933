using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Training;

public sealed class PolicyTrainerTests
{
    private static readonly LearnerSettings Settings = new()
    {
        MiniBatches = 2,
        MicroBatchTokens = 60,
        Objective = new() { KlCoefficient = 0.01, EntropyCoefficient = 0.01 },
        Optimizer = new() { LearningRate = 1e-2, WeightDecay = 0.01 },
    };

    [Fact]
    public void The_same_batches_give_the_same_weights_byte_for_byte()
    {
        Assert.Equal(Run(), Run());

        static string[] Run()
        {
            using PolicyTrainer trainer = Learners.Trainer(Settings);
            return [.. Enumerable.Range(0, 4).Select(v => trainer.Update(Learners.Batch(v, 1)).WeightsSha256)];
        }
    }

    [Fact]
    public void Loss_and_gradient_do_not_depend_on_the_micro_batch_budget()
    {
        foreach (LossAggregation aggregation in Enum.GetValues<LossAggregation>())
        {
            foreach (ObjectiveSettings objective in (ObjectiveSettings[])[new(), new() { KlCoefficient = 0.1, EntropyCoefficient = 0.1 }])
            {
                (double Loss, double[] Gradient)[] results = ((int[])[1, 40, 150, 100_000])
                    .Select(budget =>
                        Gradient(Settings with { MicroBatchTokens = budget, Objective = objective with { Aggregation = aggregation } })
                    )
                    .ToArray();
                foreach ((double loss, double[] gradient) in results)
                {
                    Assert.Equal(results[0].Loss, loss, 1e-10);
                    Fixtures.Close(results[0].Gradient, gradient, 1e-10, $"gradient under {aggregation}");
                }
            }
        }

        static (double Loss, double[] Gradient) Gradient(LearnerSettings settings)
        {
            using PolicyTrainer trainer = Learners.Trainer(settings, ScalarType.Float64);
            double loss = trainer.AddGradient(Learners.Batch(3, 2).Sequences);
            return (loss, trainer.Parameters.Gradients.data<double>().ToArray());
        }
    }

    [Fact]
    public void A_good_response_becomes_likelier_and_a_bad_one_less_likely()
    {
        using PolicyTrainer trainer = Learners.Trainer(Settings with { MiniBatches = 1, Objective = new() });
        TrainingBatch batch = Learners.Batch(0, 5);
        TrainingSequence good = batch.Sequences.First(s => s.Advantage > 0.3),
            bad = batch.Sequences.First(s => s.Advantage < -0.3);
        double before = LogProbability(trainer, good) - LogProbability(trainer, bad);
        trainer.Update(batch);
        Assert.True(LogProbability(trainer, good) - LogProbability(trainer, bad) > before);
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_the_group_and_leaves_the_weights()
    {
        using PolicyTrainer trainer = Learners.Trainer(Settings);
        trainer.Update(Learners.Batch(0, 1));
        string weights = trainer.WeightsSha256();
        double[] moments = [.. trainer.Optimizer.SecondMoment.data<float>().Select(x => (double)x)];
        TrainingBatch good = Learners.Batch(1, 1);

        // The last group falls into the second mini-batch, after a step was taken.
        int last = good.Sequences.Length - 2;
        TrainingBatch bad = good with { Sequences = good.Sequences.SetItem(last, good.Sequences[last] with { Advantage = double.NaN }) };
        NonFiniteLossException e = Assert.Throws<NonFiniteLossException>(() => trainer.Update(bad));

        Assert.Equal(good.Sequences[last].Id.Group, e.Group);
        Assert.Equal(weights, trainer.WeightsSha256());
        Assert.Equal(moments, trainer.Optimizer.SecondMoment.data<float>().Select(x => (double)x));
        Assert.Equal(new PolicyVersion(1), trainer.Version);
        using PolicyTrainer other = Learners.Trainer(Settings);
        other.Update(Learners.Batch(0, 1));
        Assert.Equal(other.Update(good).WeightsSha256, trainer.Update(good).WeightsSha256);
    }

    [Fact]
    public void A_batch_of_another_version_is_refused()
    {
        using PolicyTrainer trainer = Learners.Trainer(Settings);
        Assert.Throws<ArgumentException>(() => trainer.Update(Learners.Batch(3, 1)));
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused_by_its_rollout()
    {
        using PolicyTrainer trainer = Learners.Trainer(Settings);
        TrainingBatch batch = Learners.Batch(0, 1);
        TrainingSequence odd = batch.Sequences[5] with { Prompt = [Learners.Config.VocabSize] };
        ArgumentException e = Assert.Throws<ArgumentException>(() =>
            trainer.Update(batch with { Sequences = batch.Sequences.SetItem(5, odd) })
        );
        Assert.Contains($"{odd.Id}", e.Message);
    }

    [Fact]
    public void No_tensor_is_left_over_by_fifty_updates()
    {
        using PolicyTrainer trainer = Learners.Trainer(Settings);
        trainer.Update(Learners.Batch(0, 1));
        trainer.Update(Learners.Batch(1, 1));
        long live = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (int version = 2; version < 52; version++)
        {
            trainer.Update(Learners.Batch(version, 1));
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_report_tells_both_origins_apart()
    {
        using PolicyTrainer trainer = Learners.Trainer(Settings);
        TrainingBatch batch = Learners.Batch(0, 1);
        UpdateReport report = trainer.Update(batch);
        Assert.Equal(new PolicyVersion(1), report.Version);
        Assert.Equal(batch.Sequences.Sum(s => s.Response.Length), report.TokensTrained);
        Assert.Equal(report.TokensTrained, report.Metrics["policy/tokens"] + report.Metrics["expert/tokens"]);
        Assert.All(
            (string[])
                [
                    "loss",
                    "gradient-norm",
                    "learning-rate",
                    "entropy",
                    "kl",
                    "policy/ess",
                    "policy/chi2",
                    "policy/k3",
                    "policy/clipped-high",
                    "expert/probability",
                ],
            name => Assert.True(double.IsFinite(report.Metrics[name]), name)
        );
        Assert.InRange(report.Metrics["policy/ess"], 0, 1);
    }

    private static double LogProbability(PolicyTrainer trainer, TrainingSequence sequence)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        long[] all = [.. sequence.Prompt.AddRange(sequence.Response).Select(t => (long)t)];
        Tensor logits = trainer.Decoder.Forward(tensor(all[..^1]).unsqueeze(0))[0];
        return LogProbabilities
            .FromLogits(logits, tensor(all[1..]))
            .LogProbs.narrow(0, sequence.Prompt.Length - 1, sequence.Response.Length)
            .sum()
            .item<float>();
    }
}
