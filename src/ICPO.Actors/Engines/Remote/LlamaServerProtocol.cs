using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Engines.Remote;

/// <summary>
/// llama.cpp's server: <c>/completion</c> with token ids. Stop strings are not sent, because the server then leaves out the
/// log-probabilities of the tokens that complete one; responses are cut here.
/// </summary>
internal sealed class LlamaServerProtocol : IServerProtocol
{
    public string GeneratePath => "completion";

    public JsonObject Request(SequenceRequest request) =>
        new()
        {
            ["prompt"] = JsonAnswers.Array(request.Prompt),
            ["n_predict"] = request.Sampler.MaxTokens,
            ["temperature"] = request.Sampler.Temperature,
            ["seed"] = request.ShortSeed,
            ["samplers"] = new JsonArray("temperature"),
            ["top_k"] = 0,
            ["top_p"] = 1,
            ["min_p"] = 0,
            ["typical_p"] = 1,
            ["repeat_penalty"] = 1,
            ["presence_penalty"] = 0,
            ["frequency_penalty"] = 0,
            ["dry_multiplier"] = 0,
            ["dynatemp_range"] = 0,
            ["top_n_sigma"] = -1,
            ["xtc_probability"] = 0,
            ["mirostat"] = 0,
            ["n_probs"] = 1,
            ["post_sampling_probs"] = true,
            ["return_tokens"] = true,
            ["cache_prompt"] = true,
            ["stream"] = false,
        };

    public ServerSequence Read(JsonElement answer)
    {
        int[] tokens = [.. answer.Get("tokens", JsonValueKind.Array).EnumerateArray().Select(id => id.Id())];
        JsonElement[] entries = [.. answer.Get("completion_probabilities", JsonValueKind.Array).EnumerateArray()];
        for (int at = 0; at < Math.Min(tokens.Length, entries.Length); at++)
        {
            if (entries[at].Get("id", JsonValueKind.Number).Id() != tokens[at])
            {
                throw new InvalidDataException($"The answer has the log-probability of another token than number {at + 1}.");
            }
        }

        return new ServerSequence([.. tokens], [.. entries.Select(LogProb)], answer.Get("stop_type", JsonValueKind.String).Finish());
    }

    public IEnumerable<(string Path, JsonObject Body)> LoadRequests(string directory, string model) =>
        throw new InvalidOperationException("llama-server cannot load other weights while it runs.");

    private static float LogProb(JsonElement entry) => (float)Math.Log(entry.Get("prob", JsonValueKind.Number).GetDouble());
}
