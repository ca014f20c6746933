using System.Net;
using System.Text;
using System.Text.Json;

namespace ICPO.Actors.Serving.Tests;

/// <summary>Bad input gets an error that names the field, and the server continues.</summary>
public sealed class BadRequestTests(ServedModel served) : IClassFixture<ServedModel>
{
    private const string Completions = "/v1/completions";
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData("", null, "invalid_json")]
    [InlineData("{", null, "invalid_json")]
    [InlineData("{\"prompt\":\"1\",\"prompt\":\"2\"}", null, "invalid_json")]
    [InlineData("[]", null, null)]
    [InlineData("{}", "prompt", null)]
    [InlineData("{\"prompt\":null}", "prompt", null)]
    [InlineData("{\"prompt\":7}", "prompt", null)]
    [InlineData("{\"prompt\":\"\"}", "prompt", null)]
    [InlineData("{\"prompt\":[]}", "prompt", null)]
    [InlineData("{\"prompt\":[[]]}", "prompt", null)]
    [InlineData("{\"prompt\":[43]}", "prompt", null)]
    [InlineData("{\"prompt\":[-1]}", "prompt", null)]
    [InlineData("{\"prompt\":[1.5]}", "prompt", null)]
    [InlineData("{\"prompt\":[1,\"1\"]}", "prompt", null)]
    [InlineData("{\"prompt\":[\"1\",2]}", "prompt[1]", null)]
    [InlineData("{\"prompt\":[[1],[99]]}", "prompt[1]", null)]
    [InlineData("{\"prompt\":\"\\ud800\"}", "prompt", null)]
    [InlineData("{\"prompt\":\"1\",\"model\":\"other\"}", "model", "model_not_found", HttpStatusCode.NotFound)]
    [InlineData("{\"prompt\":\"1\",\"model\":3}", "model", null)]
    [InlineData("{\"prompt\":\"1\",\"temprature\":1}", "temprature", "unknown_parameter")]
    [InlineData("{\"prompt\":\"1\",\"temperature\":-1}", "temperature", null)]
    [InlineData("{\"prompt\":\"1\",\"temperature\":1e999}", "temperature", null)]
    [InlineData("{\"prompt\":\"1\",\"temperature\":1e-300}", "temperature", null)]
    [InlineData("{\"prompt\":\"1\",\"temperature\":\"1\"}", "temperature", null)]
    [InlineData("{\"prompt\":\"1\",\"top_p\":0}", "top_p", null)]
    [InlineData("{\"prompt\":\"1\",\"top_k\":-2}", "top_k", null)]
    [InlineData("{\"prompt\":\"1\",\"min_p\":1}", "min_p", null)]
    [InlineData("{\"prompt\":\"1\",\"max_tokens\":0}", "max_tokens", null)]
    [InlineData("{\"prompt\":\"1\",\"max_tokens\":1.5}", "max_tokens", null)]
    [InlineData("{\"prompt\":\"1\",\"max_tokens\":99999999999}", "max_tokens", null)]
    [InlineData("{\"prompt\":\"1\",\"n\":0}", "n", null)]
    [InlineData("{\"prompt\":\"1\",\"n\":129}", "n", null)]
    [InlineData("{\"prompt\":[\"1\",\"2\"],\"n\":65}", "n", null)]
    [InlineData("{\"prompt\":\"1\",\"best_of\":2}", "best_of", "unsupported_parameter")]
    [InlineData("{\"prompt\":\"1\",\"seed\":1.5}", "seed", null)]
    [InlineData("{\"prompt\":\"1\",\"stop\":\"\"}", "stop", null)]
    [InlineData("{\"prompt\":\"1\",\"stop\":[1]}", "stop", null)]
    [InlineData("{\"prompt\":\"1\",\"stop_token_ids\":[43]}", "stop_token_ids", null)]
    [InlineData("{\"prompt\":\"1\",\"logprobs\":21}", "logprobs", null)]
    [InlineData("{\"prompt\":\"1\",\"logprobs\":true}", "logprobs", null)]
    [InlineData("{\"prompt\":\"1\",\"logprobs\":2,\"top_p\":0.5}", "logprobs", null)]
    [InlineData("{\"prompt\":\"1\",\"echo\":true}", "echo", "unsupported_parameter")]
    [InlineData("{\"prompt\":\"1\",\"suffix\":\"x\"}", "suffix", "unsupported_parameter")]
    [InlineData("{\"prompt\":\"1\",\"frequency_penalty\":0.5}", "frequency_penalty", "unsupported_parameter")]
    [InlineData("{\"prompt\":\"1\",\"logit_bias\":{\"1\":1}}", "logit_bias", "unsupported_parameter")]
    [InlineData("{\"prompt\":\"1\",\"stream\":1}", "stream", null)]
    [InlineData("{\"prompt\":\"1\",\"stream_options\":{}}", "stream_options", null)]
    [InlineData("{\"prompt\":\"1\",\"stream\":true,\"stream_options\":{\"x\":1}}", "stream_options.x", null)]
    public Task A_completion_is_rejected(string body, string? field, string? code, HttpStatusCode status = HttpStatusCode.BadRequest) =>
        ExpectAsync(Completions, body, field, code, status);

    [Theory]
    [InlineData("{}", "messages", null)]
    [InlineData("{\"messages\":[]}", "messages", null)]
    [InlineData("{\"messages\":{}}", "messages", null)]
    [InlineData("{\"messages\":[1]}", "messages[0]", null)]
    [InlineData("{\"messages\":[{\"content\":\"1\"}]}", "messages[0].role", null)]
    [InlineData("{\"messages\":[{\"role\":\"tool\",\"content\":\"1\"}]}", "messages[0].role", null)]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "messages[0].content", null)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":1}]}", "messages[0].content", null)]
    [InlineData(
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}",
        "messages[0].content[0]",
        "unsupported_parameter"
    )]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"\\udc00\"}]}", "messages[0].content", null)]
    [InlineData(
        "{\"messages\":[{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[1]}]}",
        "messages[0].tool_calls",
        "unsupported_parameter"
    )]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"prompt\":\"1\"}", "prompt", "unknown_parameter")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"top_logprobs\":1}", "top_logprobs", null)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"logprobs\":1}", "logprobs", null)]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"tools\":[{}]}", "tools", "unsupported_parameter")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"tool_choice\":{}}", "tool_choice", "unsupported_parameter")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"max_tokens\":1,\"max_completion_tokens\":2}", "max_tokens", null)]
    [InlineData(
        "{\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"response_format\":{\"type\":\"json_object\"}}",
        "response_format",
        "unsupported_parameter"
    )]
    public Task A_chat_is_rejected(string body, string? field, string? code) =>
        ExpectAsync(Chat, body, field, code, HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_prompt_that_leaves_no_room_has_its_own_code()
    {
        string prompt = new('1', served.Model.Context);
        await ExpectAsync(Completions, JsonSerializer.Serialize(new { prompt }), "prompt", "context_length_exceeded");
        await ExpectAsync(
            Completions,
            JsonSerializer.Serialize(new { prompt = new[] { served.Model.Text("1").Ids, served.Model.Text(prompt).Ids } }),
            "prompt[1]",
            "context_length_exceeded"
        );
        await ExpectAsync(
            Chat,
            JsonSerializer.Serialize(new { messages = new[] { new { role = "user", content = prompt } } }),
            "messages",
            "context_length_exceeded"
        );
    }

    [Theory]
    [InlineData("GET", "/v1/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/v1/models", HttpStatusCode.MethodNotAllowed)]
    [InlineData("OPTIONS", "/v1/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/v1/models/other", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/embeddings", HttpStatusCode.NotFound)]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    public async Task Other_addresses_and_methods_are_rejected(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage answer = await served.Client.SendAsync(request, ServedModel.Deadline);
        Assert.Equal(expected, answer.StatusCode);
        RequireError(JsonElement.Parse(await answer.Content.ReadAsStringAsync(ServedModel.Deadline)));
    }

    [Fact]
    public void Whatever_the_fields_are_the_answer_is_a_response_or_an_error_of_the_request()
    {
        string[] values =
        [
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "0.5",
            "1e400",
            "9223372036854775807",
            "\"\"",
            "\"1\"",
            "\"text\"",
            "\"\\ud800\"",
            "[]",
            "[1]",
            "[\"1\"]",
            "[[1,2]]",
            "[null]",
            "{}",
            "{\"type\":\"text\"}",
            "[{\"role\":\"user\",\"content\":\"1\"}]",
        ];
        string[] names =
        [
            "prompt",
            "messages",
            "model",
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "seed",
            "stop",
            "stop_token_ids",
            "n",
            "best_of",
            "stream",
            "stream_options",
            "logprobs",
            "top_logprobs",
            "return_token_ids",
            "echo",
            "tools",
            "tool_choice",
            "response_format",
            "modalities",
            "logit_bias",
            "user",
            "unknown",
            "\\ud800",
        ];
        var field = Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[0, values.Length - 1], (name, value) =>
            $"\"{names[name]}\":{values[value]}"
        );
        Gen.Select(field.Array[0, 4], Gen.Bool)
            .Sample(
                (fields, isChat) =>
                {
                    string start = isChat ? "\"messages\":[{\"role\":\"user\",\"content\":\"1\"}],\"max_tokens\":2" : "\"prompt\":\"1\"";
                    string body = $"{{{string.Join(',', fields.Prepend(start))}}}";
                    using var content = new StringContent(body, Encoding.UTF8, "application/json");
                    using var request = new HttpRequestMessage(HttpMethod.Post, isChat ? Chat : Completions) { Content = content };
                    using HttpResponseMessage answer = served.Client.Send(request, ServedModel.Deadline);
                    Assert.True((int)answer.StatusCode is 200 or 400 or 404, $"{answer.StatusCode}: {body}");
                },
                iter: 300,
                threads: 2
            );
        Assert.False(served.Model.HasEnded);
    }

    private async Task ExpectAsync(string path, string body, string? field, string? code, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        (HttpStatusCode found, JsonElement json) = await served.TryPostAsync(path, body);
        Assert.True(status == found, json.ToString());
        JsonElement error = RequireError(json);
        Assert.Equal((field, code), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    private static JsonElement RequireError(JsonElement json)
    {
        JsonElement error = json.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        return error;
    }
}
