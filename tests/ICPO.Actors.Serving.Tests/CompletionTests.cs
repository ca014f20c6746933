using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Inference;

namespace ICPO.Actors.Serving.Tests;

/// <summary><c>/v1/completions</c> returns what the model generates.</summary>
public sealed class CompletionTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Path = "/v1/completions";

    private static readonly GenerationOptions Sampled = new()
    {
        Temperature = 1.3,
        MaxTokens = 12,
        Seed = 5,
    };

    [Fact]
    public async Task Text_tokens_and_log_probabilities_are_the_models_to_the_last_bit()
    {
        Completion expected = await served.Model.GenerateAsync(served.Model.Text(ServedModel.Question), Sampled, ServedModel.Deadline);

        JsonElement whole = await served.PostAsync(
            Path,
            new
            {
                model = ServedModel.Name,
                prompt = ServedModel.Question,
                temperature = 1.3,
                max_tokens = 12,
                seed = 5,
                logprobs = 0,
                return_token_ids = true,
                top_p = 1,
                presence_penalty = 0,
                user = "someone",
                suffix = (string?)null,
            }
        );

        JsonElement choice = Assert.Single(whole.GetProperty("choices").EnumerateArray());
        Assert.Equal(expected.Text, choice.GetProperty("text").GetString());
        Assert.Equal(expected.Tokens, Ids(choice.GetProperty("token_ids")));
        Assert.Equal(served.Model.Text(ServedModel.Question).Ids, Ids(choice.GetProperty("prompt_token_ids")));
        JsonElement logProbs = choice.GetProperty("logprobs");
        Assert.Equal(expected.LogProbs, LogProbs(logProbs));
        Assert.Equal(JsonValueKind.Null, logProbs.GetProperty("top_logprobs").ValueKind);
        Assert.Equal("text_completion", whole.GetProperty("object").GetString());
        JsonElement usage = whole.GetProperty("usage");
        Assert.Equal(
            (ServedModel.Question.Length, expected.Tokens.Length, ServedModel.Question.Length + expected.Tokens.Length),
            (
                usage.GetProperty("prompt_tokens").GetInt32(),
                usage.GetProperty("completion_tokens").GetInt32(),
                usage.GetProperty("total_tokens").GetInt32()
            )
        );
    }

    [Fact]
    public async Task Token_ids_are_a_prompt_as_well()
    {
        ImmutableArray<int> ids = served.Model.Text(ServedModel.Question).Ids;

        JsonElement text = await served.PostAsync(Path, new { prompt = ServedModel.Question, temperature = 0 });
        JsonElement tokens = await served.PostAsync(Path, new { prompt = ids, temperature = 0 });
        JsonElement many = await served.PostAsync(Path, new { prompt = new[] { ids, ids }, temperature = 0 });

        Assert.Equal(Texts(text), Texts(tokens));
        string[] twice = [.. Texts(text), .. Texts(text)];
        Assert.Equal(twice, Texts(many));
    }

    [Fact]
    public async Task Choices_are_in_the_order_of_their_prompts_and_samples()
    {
        string[] prompts = ["AB3142=", "BA1234=", "1"];
        var options = new GenerationOptions { Temperature = 0, MaxTokens = 6 };
        List<string> expected = [];
        foreach (string prompt in prompts)
        {
            string text = (await served.Model.GenerateAsync(served.Model.Text(prompt), options, ServedModel.Deadline)).Text;
            expected.AddRange([text, text]);
        }

        JsonElement whole = await served.PostAsync(
            Path,
            new
            {
                prompt = prompts,
                n = 2,
                temperature = 0,
                max_tokens = 6,
            }
        );

        Assert.Equal(expected, Texts(whole));
        Assert.Equal([0, 1, 2, 3, 4, 5], whole.GetProperty("choices").EnumerateArray().Select(one => one.GetProperty("index").GetInt32()));
        Assert.Equal(prompts.Sum(prompt => prompt.Length), whole.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task A_stream_has_the_same_parts_and_ends_with_the_usage()
    {
        var body = new Dictionary<string, object>
        {
            ["prompt"] = ServedModel.Question,
            ["n"] = 3,
            ["temperature"] = 0,
            ["max_tokens"] = 20,
            ["stop"] = ";",
            ["logprobs"] = 2,
            ["return_token_ids"] = true,
        };
        JsonElement whole = await served.PostAsync(Path, body);
        body["stream"] = true;
        body["stream_options"] = new { include_usage = true };

        JsonElement[] parts = await served.StreamAsync(Path, body);

        JsonElement[] choices = [.. parts[..^1].Select(part => Assert.Single(part.GetProperty("choices").EnumerateArray()))];
        foreach (JsonElement expected in whole.GetProperty("choices").EnumerateArray())
        {
            int index = expected.GetProperty("index").GetInt32();
            JsonElement[] own = [.. choices.Where(one => one.GetProperty("index").GetInt32() == index)];
            Assert.True(own.Length > 2);
            Assert.Equal(expected.GetProperty("text").GetString(), string.Concat(own.Select(one => one.GetProperty("text").GetString())));
            Assert.Equal(Ids(expected.GetProperty("token_ids")), own.SelectMany(one => Ids(one.GetProperty("token_ids"))));
            foreach (string array in new[] { "tokens", "text_offset" })
            {
                Assert.Equal(Items(expected, array), own.SelectMany(one => Items(one, array)));
            }

            Assert.Equal("stop", own[^1].GetProperty("finish_reason").GetString());
            Assert.All(own[..^1], one => Assert.Equal(JsonValueKind.Null, one.GetProperty("finish_reason").ValueKind));
        }

        Assert.Empty(parts[^1].GetProperty("choices").EnumerateArray());
        Assert.Equal(whole.GetProperty("usage").ToString(), parts[^1].GetProperty("usage").ToString());
        Assert.Single(parts.Select(part => part.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task Stop_strings_stop_tokens_and_limits_end_a_response()
    {
        (string Text, string Finish) ended = await ResponseAsync(
            new
            {
                prompt = ServedModel.Question,
                temperature = 0,
                max_tokens = 40,
                stop = new[] { ";" },
            }
        );
        Assert.Equal("stop", ended.Finish);
        Assert.DoesNotContain(";", ended.Text, StringComparison.Ordinal);

        int[] semicolon = served.Model.Tokenizer.Encode(";");
        (string Text, string Finish) token = await ResponseAsync(
            new
            {
                prompt = ServedModel.Question,
                temperature = 0,
                max_tokens = 40,
                stop_token_ids = semicolon,
            }
        );
        Assert.Equal(ended, token);

        (string Text, string Finish) limited = await ResponseAsync(
            new
            {
                prompt = ServedModel.Question,
                temperature = 0,
                max_tokens = 3,
            }
        );
        Assert.Equal(("length", ended.Text[..3]), (limited.Finish, limited.Text));
    }

    [Fact]
    public async Task The_default_length_is_that_of_this_interface()
    {
        JsonElement whole = await served.PostAsync(
            Path,
            new
            {
                prompt = "1",
                temperature = 3,
                seed = 1,
                n = 8,
            }
        );
        Assert.Contains(whole.GetProperty("choices").EnumerateArray(), choice =>
            choice.GetProperty("finish_reason").GetString() == "length"
        );
        Assert.InRange(whole.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), 1, 8 * 16);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    public async Task Alternatives_are_the_most_probable_tokens(double temperature)
    {
        JsonElement whole = await served.PostAsync(
            Path,
            new
            {
                prompt = ServedModel.Question,
                temperature,
                seed = 3,
                logprobs = 3,
                max_tokens = 8,
                return_tokens_as_token_ids = true,
            }
        );

        JsonElement logProbs = whole.GetProperty("choices")[0].GetProperty("logprobs");
        (string Token, double LogProb)[] drawn =
        [
            .. logProbs
                .GetProperty("tokens")
                .EnumerateArray()
                .Zip(logProbs.GetProperty("token_logprobs").EnumerateArray(), (token, value) => (token.GetString()!, value.GetDouble())),
        ];
        JsonElement[] tops = [.. logProbs.GetProperty("top_logprobs").EnumerateArray()];
        Assert.Equal(drawn.Length, tops.Length);
        foreach ((JsonElement top, (string token, double logProb)) in tops.Zip(drawn))
        {
            var map = top.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetDouble());
            Assert.InRange(map.Count, 3, 4);
            Assert.Equal(logProb, map[token], 1e-5);
            double[] others = [.. map.Where(one => one.Key != token).Select(one => one.Value)];
            Assert.True(map.Count == 3 || others.All(other => other >= logProb));
            Assert.InRange(map.Values.Sum(Math.Exp), 0, 1 + 1e-5);
            Assert.Equal(map.Values.Max(), map.Values.First(), 1e-9);
            if (temperature == 0)
            {
                Assert.Equal(token, map.Keys.First());
            }
        }
    }

    private async Task<(string Text, string Finish)> ResponseAsync(object body)
    {
        JsonElement choice = (await served.PostAsync(Path, body)).GetProperty("choices")[0];
        return (choice.GetProperty("text").GetString()!, choice.GetProperty("finish_reason").GetString()!);
    }

    private static string[] Texts(JsonElement whole) =>
        [.. whole.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()!)];

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    private static float[] LogProbs(JsonElement logProbs) =>
        [.. logProbs.GetProperty("token_logprobs").EnumerateArray().Select(one => (float)one.GetDouble())];

    private static string[] Items(JsonElement choice, string array) =>
        [.. choice.GetProperty("logprobs").GetProperty(array).EnumerateArray().Select(item => item.ToString())];
}
