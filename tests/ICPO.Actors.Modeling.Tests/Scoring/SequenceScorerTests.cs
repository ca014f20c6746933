using System.Text.Json;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Scoring;
using ICPO.Actors.Modeling.Tests.Training;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Modeling.Transformer;

namespace ICPO.Actors.Modeling.Tests.Scoring;

public sealed class SequenceScorerTests
{
    [Fact]
    public void Every_log_probability_that_transformers_gave_a_continuation_is_given_here()
    {
        (int applied, int skipped) = (0, 0);
        foreach (string folder in Fixtures.Directories("models/hf"))
        {
            JsonElement reference = Fixtures.Json(Path.Combine(folder, "reference.json"));
            if (!reference.TryGetProperty("logprobs", out JsonElement samples))
            {
                skipped++;
                continue;
            }

            using var scorer = SequenceScorer.Load(folder);
            foreach (JsonElement sample in samples.EnumerateArray())
            {
                int[] prompt = Ids("prompt_ids"),
                    continuation = Ids("continuation_ids");
                double[] scores = [.. scorer.Score([.. prompt, .. continuation])[(prompt.Length - 1)..].Select(s => (double)s)];
                Fixtures.Close(
                    [.. sample.GetProperty("f64").EnumerateArray().Select(v => v.GetDouble())],
                    scores,
                    1e-4,
                    Path.GetFileName(folder)
                );
                applied++;

                int[] Ids(string name) => [.. sample.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
            }
        }

        Fixtures.Count(applied, skipped, "the reference holds no log-probabilities");
    }

    [Fact]
    public async Task Ids_are_scored_under_an_adapter_of_a_model_without_a_tokenizer_as_under_what_it_merges_into()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(folder.Path, "model"),
            adapter = Path.Combine(folder.Path, "adapter"),
            merged = Path.Combine(folder.Path, "merged");
        using (Decoder decoder = Learners.Decoder())
        {
            HuggingFaceDirectory.Save(model, decoder, new(null, [], null));
        }

        await using (
            PolicyLearner learner = ModelLearner.Create(
                ModelSource.Open(model),
                new LearnerSettings { Optimizer = new() { LearningRate = 1e-2 } },
                lora: new() { Rank = 2, Targets = ["q_proj"] }
            )
        )
        {
            await learner.UpdateAsync(Learners.Batch(0, 1), default);
            await learner.SaveAsync(adapter, default);
        }

        AdapterMerge.Write(adapter, null, merged);
        using SequenceScorer with = SequenceScorer.Load(adapter),
            whole = SequenceScorer.Load(merged),
            without = SequenceScorer.Load(model);
        Assert.Null(with.Tokenizer);
        Assert.Equal(whole.Score([1, 2, 3, 4]), with.Score([1, 2, 3, 4]));
        Assert.NotEqual(without.Score([1, 2, 3, 4]), with.Score([1, 2, 3, 4]));
    }

    [Fact]
    public void What_cannot_be_scored_is_refused()
    {
        using var scorer = SequenceScorer.Load(Fixtures.Directories("models/hf")[0]);
        Assert.Contains("0", Assert.Throws<ArgumentException>(() => scorer.Score([])).Message);
        Assert.Contains(
            $"{scorer.VocabularySize}",
            Assert.Throws<ArgumentException>(() => scorer.Score([0, scorer.VocabularySize])).Message
        );
        Assert.Empty(scorer.Score([1]));
    }
}
