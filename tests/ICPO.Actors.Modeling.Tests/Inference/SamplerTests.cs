using System.Text.Json;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Modeling.Tests.Inference;

public sealed class SamplerTests
{
    [Fact]
    public void Truncation_keeps_the_tokens_and_log_probabilities_of_the_reference()
    {
        int applied = 0,
            skipped = 0;
        foreach (string path in Fixtures.Files("objective", "*.json"))
        {
            JsonElement file = Fixtures.Json(path);
            if (
                file.ValueKind != JsonValueKind.Object
                || !file.TryGetProperty("cases", out JsonElement cases)
                || cases.ValueKind != JsonValueKind.Array
            )
            {
                continue;
            }

            foreach (
                JsonElement item in cases
                    .EnumerateArray()
                    .Where(item => item.TryGetProperty("kept", out _) && item.TryGetProperty("row", out _))
            )
            {
                if (Settings(item.GetProperty("settings")) is not { } settings)
                {
                    skipped++;
                    continue;
                }

                Check(item, file.GetProperty("rows").GetProperty(item.GetProperty("row").GetString()!), settings);
                applied++;
            }
        }

        Fixtures.Count(applied, skipped, "a setting that is neither temperature, top-k, top-p nor min-p");
    }

    [Fact]
    public void A_draw_reports_the_log_probability_of_the_truncated_distribution() =>
        Gen.Select(Logits, Gen.Double[0.3, 2], Gen.Int[0, 12], Gen.Double[0.2, 1], Gen.Double[0, 0.3], Gen.ULong)
            .Sample(
                (logits, temperature, topK, topP, minP, seed) =>
                {
                    var settings = new SamplerSettings
                    {
                        Temperature = temperature,
                        TopK = topK,
                        TopP = topP,
                        MinP = minP,
                    };
                    (int[] kept, double[] logProbabilities, _) = Keep([.. logits.Select(logit => (double)logit)], settings);
                    var sampler = new Sampler(logits.Length);
                    var random = new RandomStream(seed);
                    for (int draw = 0; draw < 8; draw++)
                    {
                        SampledToken drawn = sampler.Sample(logits, settings, ref random);
                        int at = Array.IndexOf(kept, drawn.Token);
                        Assert.True(at >= 0, $"token {drawn.Token} was cut off");
                        Assert.Equal(logProbabilities[at], drawn.LogProbability, 1e-5);
                    }
                }
            );

    [Fact]
    public void Untruncated_draws_follow_the_softmax()
    {
        float[] logits = [0.5f, float.NegativeInfinity, 2, -1, 1.5f, .. Enumerable.Repeat(-6f, 600)];
        (int[] kept, double[] expected, _) = Keep([.. logits.Select(logit => (double)logit)], new SamplerSettings { Temperature = 0.8 });
        var sampler = new Sampler(logits.Length);
        var random = new RandomStream(17);
        const int Draws = 200_000;
        int[] counts = new int[logits.Length];
        for (int draw = 0; draw < Draws; draw++)
        {
            counts[sampler.Sample(logits, new SamplerSettings { Temperature = 0.8 }, ref random).Token]++;
        }

        Assert.Equal(0, counts[1]);
        double chiSquare = kept.Zip(expected)
            .Sum(pair => Math.Pow(counts[pair.First] - Draws * Math.Exp(pair.Second), 2) / (Draws * Math.Exp(pair.Second)));
        // 603 degrees of freedom: mean 603, standard deviation 35; the seed is fixed.
        Assert.InRange(chiSquare, 450, 780);
    }

    [Fact]
    public void Temperature_zero_takes_the_likeliest_token_and_reports_the_models_own_log_probability()
    {
        var random = new RandomStream(1);
        SampledToken drawn = new Sampler(3).Sample([1f, 3f, 2f], new SamplerSettings { Temperature = 0 }, ref random);
        Assert.Equal(1, drawn.Token);
        Assert.Equal(-Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)), drawn.LogProbability, 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Damaged_logits_are_refused(float damage)
    {
        var random = new RandomStream(1);
        float[] logits = new float[70];
        logits[33] = damage;
        Assert.Throws<ArithmeticException>(() => new Sampler(70).Sample(logits, new SamplerSettings(), ref random));
        Assert.Throws<ArithmeticException>(() => new Sampler(70).Sample(logits, new SamplerSettings { TopK = 3 }, ref random));
        Assert.Throws<ArithmeticException>(() => new Sampler(70).Sample(logits, new SamplerSettings { Temperature = 0 }, ref random));
    }

    [Fact]
    public void The_same_seed_draws_the_same_tokens() =>
        Gen.Select(Logits, Gen.ULong)
            .Sample(
                (logits, seed) =>
                {
                    (Sampler? sampler, RandomStream first, RandomStream second) = (
                        new Sampler(logits.Length),
                        new RandomStream(seed),
                        new RandomStream(seed)
                    );
                    for (int draw = 0; draw < 8; draw++)
                    {
                        Assert.Equal(
                            sampler.Sample(logits, new SamplerSettings(), ref first),
                            sampler.Sample(logits, new SamplerSettings(), ref second)
                        );
                    }
                }
            );

    private static Gen<float[]> Logits { get; } = Gen.Int[-40, 40].Select(tenths => tenths / 10f).Array[1, 700];

    private static void Check(JsonElement item, JsonElement row, SamplerSettings settings)
    {
        string id = item.GetProperty("id").GetString()!;
        double[] logits = [.. row.EnumerateArray().Select(Number)];
        (int[] kept, double[] logProbabilities, double mass) = Keep(logits, settings);
        Assert.True(
            item.GetProperty("kept").EnumerateArray().Select(token => token.GetInt32()).SequenceEqual(kept),
            $"{id}: kept {string.Join(',', kept)}"
        );
        (double relative, double absolute) = (item.GetProperty("rtol").GetDouble(), item.GetProperty("atol").GetDouble());
        foreach ((JsonElement expected, double actual) in item.GetProperty("logprob").EnumerateArray().Zip(logProbabilities))
        {
            Assert.True(
                Math.Abs(Number(expected) - actual) <= absolute + relative * Math.Abs(Number(expected)),
                $"{id}: {actual} where {expected} is expected"
            );
        }

        Assert.Equal(item.GetProperty("kept_mass").GetDouble(), mass, absolute + relative);
    }

    private static (int[] Kept, double[] LogProbabilities, double Mass) Keep(double[] logits, SamplerSettings settings)
    {
        (int[]? tokens, double[]? logProbabilities) = (new int[logits.Length], new double[logits.Length]);
        int count = new Truncation(logits.Length).Keep(logits, settings, tokens, logProbabilities, out double mass);
        return (tokens[..count], logProbabilities[..count], mass);
    }

    private static SamplerSettings? Settings(JsonElement element)
    {
        var settings = new SamplerSettings();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            SamplerSettings? next = property.Name switch
            {
                "temperature" => settings with { Temperature = property.Value.GetDouble() },
                "top_k" => settings with { TopK = property.Value.GetInt32() },
                "top_p" => settings with { TopP = property.Value.GetDouble() },
                "min_p" => settings with { MinP = property.Value.GetDouble() },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            settings = next;
        }

        return settings;
    }

    private static double Number(JsonElement element) =>
        element.ValueKind != JsonValueKind.String
            ? element.GetDouble()
            : element.GetString() switch
            {
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ => double.NaN,
            };
}
