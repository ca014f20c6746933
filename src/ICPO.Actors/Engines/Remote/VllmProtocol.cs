using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Engines.Remote;

/// <summary>
/// vLLM from version 0.10.2 on: <c>/v1/completions</c> with token ids in and out, and adapters by name. The server must be started with
/// <c>--logprobs-mode processed_logprobs</c> if the temperature is not 1.
/// </summary>
internal sealed class VllmProtocol : IServerProtocol
{
    public string GeneratePath => "v1/completions";

    public bool NamesWeights => true;

    public JsonObject Request(SequenceRequest request) =>
        new()
        {
            ["model"] = request.Model,
            ["prompt"] = JsonAnswers.Array(request.Prompt),
            ["max_tokens"] = request.Sampler.MaxTokens,
            ["temperature"] = request.Sampler.Temperature,
            ["top_p"] = 1,
            ["top_k"] = -1,
            ["min_p"] = 0,
            ["presence_penalty"] = 0,
            ["frequency_penalty"] = 0,
            ["repetition_penalty"] = 1,
            ["seed"] = request.ShortSeed,
            ["logprobs"] = 0,
            ["stop"] = JsonAnswers.Array(request.Sampler.StopStrings),
            ["stop_token_ids"] = JsonAnswers.Array(request.StopTokens),
            ["include_stop_str_in_output"] = true,
            ["skip_special_tokens"] = false,
            ["return_token_ids"] = true,
        };

    public ServerSequence Read(JsonElement answer)
    {
        JsonElement choice = answer.Get("choices", JsonValueKind.Array).First("choices");
        JsonElement logProbs = choice.Get("logprobs", JsonValueKind.Object).Get("token_logprobs", JsonValueKind.Array);
        return new ServerSequence(
            [.. choice.Get("token_ids", JsonValueKind.Array).EnumerateArray().Select(id => id.Id())],
            [.. logProbs.EnumerateArray().Select(value => value.LogProb())],
            choice.Get("finish_reason", JsonValueKind.String).Finish()
        );
    }

    public IEnumerable<(string Path, JsonObject Body)> LoadRequests(string directory, string model) =>
        [("v1/load_lora_adapter", new JsonObject { ["lora_name"] = model, ["lora_path"] = directory })];

    public IEnumerable<(string Path, JsonObject Body)> UnloadRequests(string model) =>
        [("v1/unload_lora_adapter", new JsonObject { ["lora_name"] = model })];
}
