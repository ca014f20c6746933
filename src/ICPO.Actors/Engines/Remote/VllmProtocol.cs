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

    public JsonObject Request(SequenceRequest request)
    {
        JsonObject body = UntruncatedSampling.Create(request);
        body["model"] = request.Model;
        body["prompt"] = JsonAnswers.Array(request.Prompt);
        body["max_tokens"] = request.Sampler.MaxTokens;
        body["seed"] = request.ShortSeed;
        body["logprobs"] = 0;
        body["include_stop_str_in_output"] = true;
        body["return_token_ids"] = true;
        return body;
    }

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
