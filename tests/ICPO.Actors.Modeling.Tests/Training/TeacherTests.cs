using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Objective;
using ICPO.Actors.Modeling.Objective.Corrections;
using ICPO.Actors.Modeling.Objective.Losses;
using ICPO.Actors.Modeling.Torch;
using ICPO.Actors.Modeling.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Training;

/// <summary>The policy as its own teacher: responses scored under a second prompt.</summary>
public sealed class TeacherTests
{
    private static readonly LearnerSettings Settings = new()
    {
        Objective = new ObjectiveSettings { PolicyLoss = new Opsd(), Correction = new Bypass() },
        MicroBatchTokens = 40,
    };

    public TeacherTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void The_gradient_is_that_of_log_probabilities_computed_one_response_at_a_time()
    {
        TrainingSequence[] sequences = Sequences(prompt => [1, 2, 3, .. prompt]);
        using PolicyTrainer trainer = Learners.Trainer(Settings, ScalarType.Float64);
        trainer.Parameters.ZeroGradients();
        double loss = trainer.AddGradient(sequences);
        double norm = trainer.Parameters.GradientNorm();

        double expected = 0;
        trainer.Parameters.ZeroGradients();
        double tokens = sequences.Sum(sequence => sequence.Response.Length);
        foreach (TrainingSequence sequence in sequences)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor policy = LogProbs(trainer, sequence.Prompt, sequence.Response);
            Tensor teacher = LogProbs(trainer, sequence.TeacherPrompt, sequence.Response).detach();
            Tensor behaviour = tensor(sequence.BehaviorLogProbs.Select(value => (double)value).ToArray());
            Tensor kept = (policy.exp() - behaviour.exp()).detach().ge(-0.2).to(ScalarType.Float64);
            Tensor gain = kept * (teacher - policy.detach());
            Tensor part = ((-gain * (policy - behaviour).exp()) + ((policy - behaviour).pow(2) * 1e-3)).sum() / tokens;
            part.backward();
            expected += part.item<double>();
        }

        Assert.Equal(expected, loss, 1e-9);
        Assert.Equal(trainer.Parameters.GradientNorm(), norm, 1e-8);
        Assert.NotEqual(0, norm);
    }

    [Fact]
    public void A_teacher_with_the_same_prompt_and_policy_teaches_nothing()
    {
        using PolicyTrainer trainer = Learners.Trainer(Settings, ScalarType.Float64);
        TrainingSequence[] sequences = [.. Sequences(prompt => [.. prompt]).Select(sequence => Sampled(trainer, sequence))];
        trainer.Parameters.ZeroGradients();
        Assert.Equal(0, trainer.AddGradient(sequences), 1e-9);
        Assert.Equal(0, trainer.Parameters.GradientNorm(), 1e-6);
    }

    [Fact]
    public void A_token_of_a_teacher_outside_the_vocabulary_is_refused()
    {
        TrainingSequence[] sequences = Sequences(prompt => [.. prompt, Learners.Config.VocabSize]);
        using PolicyTrainer trainer = Learners.Trainer(Settings);
        Assert.Throws<ArgumentException>(() => trainer.Update(new TrainingBatch(PolicyVersion.Base, [.. sequences])));
    }

    /// <summary>The policy rollouts of a batch, with teachers.</summary>
    private static TrainingSequence[] Sequences(Func<IEnumerable<int>, int[]> teacher) =>
        [
            .. Learners
                .Batch(0, 3)
                .Sequences.Where(sequence => sequence.Origin == Origin.Policy)
                .Select(sequence => sequence with { TeacherPrompt = [.. teacher(sequence.Prompt)] }),
        ];

    /// <summary>The sequence as if the present policy had sampled it.</summary>
    private static TrainingSequence Sampled(PolicyTrainer trainer, TrainingSequence sequence)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] logProbs = LogProbs(trainer, sequence.Prompt, sequence.Response).detach().data<double>().ToArray();
        return sequence with { BehaviorLogProbs = [.. logProbs.Select(value => (float)value)] };
    }

    private static Tensor LogProbs(PolicyTrainer trainer, IEnumerable<int> prompt, IEnumerable<int> response)
    {
        long[] ids = [.. prompt.Concat(response).Select(token => (long)token)];
        long[] targets = [.. response.Select(token => (long)token)];
        Tensor hidden = trainer.Decoder.Hidden(tensor(ids[..^1], [1, ids.Length - 1]));
        Tensor logits = trainer.Decoder.Logits(hidden.squeeze(0)[^targets.Length..]);
        return nn.functional.log_softmax(logits, -1).gather(1, tensor(targets).unsqueeze(1)).squeeze(1);
    }
}
