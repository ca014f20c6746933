namespace ICPO.Actors.Modeling.Tests;

public sealed class SequenceScorerTests
{
    [Fact]
    public void Every_log_probability_that_transformers_gave_a_continuation_is_given_here()
    {
        var (applied, skipped) = (0, 0);
        foreach (string folder in Directory.GetDirectories(Fixtures.Require("models/hf")).Order(StringComparer.Ordinal))
        {
            var reference = Fixtures.Json(Path.Combine(folder, "reference.json"));
            if (!reference.TryGetProperty("logprobs", out var samples))
            {
                skipped++;
                continue;
            }

            using SequenceScorer scorer = SequenceScorer.Load(folder);
            foreach (var sample in samples.EnumerateArray())
            {
                int[] prompt = Ids("prompt_ids"), continuation = Ids("continuation_ids");
                double[] scores = [.. scorer.Score([.. prompt, .. continuation])[(prompt.Length - 1)..].Select(s => (double)s)];
                Fixtures.Close([.. sample.GetProperty("f64").EnumerateArray().Select(v => v.GetDouble())], scores, 1e-4, Path.GetFileName(folder));
                applied++;

                int[] Ids(string name) => [.. sample.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
            }
        }

        Fixtures.Count(applied, skipped, "the reference holds no log-probabilities");
    }

    [Fact]
    public void What_cannot_be_scored_is_told()
    {
        string folder = Path.Combine(Fixtures.Require("models/hf"), Directory.GetDirectories(Fixtures.Require("models/hf")).Select(Path.GetFileName).Order(StringComparer.Ordinal).First()!);
        using SequenceScorer scorer = SequenceScorer.Load(folder);
        Assert.Contains("0 tokens are given", Assert.Throws<ArgumentException>(() => scorer.Score([])).Message);
        Assert.Contains($"token {scorer.VocabularySize} is outside", Assert.Throws<ArgumentException>(() => scorer.Score([0, scorer.VocabularySize])).Message);
        Assert.Empty(scorer.Score([1]));
    }
}
