using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Engines.Remote;

/// <summary>SGLang: <c>/generate</c> with token ids, and whole models from a directory.</summary>
internal sealed class SglangProtocol : IServerProtocol
{
    public string GeneratePath => "generate";

    public JsonObject Request(SequenceRequest request)
    {
        JsonObject sampling = UntruncatedSampling.Create(request);
        sampling["max_new_tokens"] = request.Sampler.MaxTokens;
        sampling["sampling_seed"] = request.ShortSeed;
        sampling["no_stop_trim"] = true;
        return new JsonObject
        {
            ["input_ids"] = JsonAnswers.Array(request.Prompt),
            ["sampling_params"] = sampling,
            ["return_logprob"] = true,
        };
    }

    public ServerSequence Read(JsonElement answer)
    {
        JsonElement about = answer.Get("meta_info", JsonValueKind.Object);
        JsonElement[] pairs = [.. about.Get("output_token_logprobs", JsonValueKind.Array).EnumerateArray()];
        if (pairs.Any(pair => pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() < 2))
        {
            throw new InvalidDataException("The answer has an entry of output_token_logprobs without a log-probability and a token id.");
        }

        return new ServerSequence(
            [.. pairs.Select(pair => pair[1].Id())],
            [.. pairs.Select(pair => pair[0].LogProb())],
            about.Get("finish_reason", JsonValueKind.Object).Get("type", JsonValueKind.String).Finish()
        )
        {
            Weights = about.TryGetProperty("weight_version", out JsonElement weights) ? weights.ToString() : null,
        };
    }

    public IEnumerable<(string Path, JsonObject Body)> LoadRequests(string directory, string model) =>
        [
            (
                "update_weights_from_disk",
                new JsonObject
                {
                    ["model_path"] = directory,
                    ["flush_cache"] = true,
                    ["weight_version"] = model,
                }
            ),
        ];
}
