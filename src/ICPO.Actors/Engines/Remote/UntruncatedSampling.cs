using System.Text.Json.Nodes;

namespace ICPO.Actors.Engines.Remote;

/// <summary>The fields that vLLM and SGLang share: sampling from the whole distribution, and where a response ends.</summary>
internal static class UntruncatedSampling
{
    public static JsonObject Create(SequenceRequest request) =>
        new()
        {
            ["temperature"] = request.Sampler.Temperature,
            ["top_p"] = 1,
            ["top_k"] = -1,
            ["min_p"] = 0,
            ["presence_penalty"] = 0,
            ["frequency_penalty"] = 0,
            ["repetition_penalty"] = 1,
            ["stop"] = JsonAnswers.Array(request.Sampler.StopStrings),
            ["stop_token_ids"] = JsonAnswers.Array(request.StopTokens),
            ["skip_special_tokens"] = false,
        };
}
