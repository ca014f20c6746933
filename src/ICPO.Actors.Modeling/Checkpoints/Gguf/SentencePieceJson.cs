using System.Text.Json.Nodes;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// SentencePiece BPE with byte fallback as a tokenizer.json in the form of Llama 2. SentencePiece has scores where tokenizer.json
/// has merges: each way to put a piece together from two others is a merge, the best score first.
/// </summary>
internal static class SentencePieceJson
{
    private const string Space = "▁"; // ▁

    public static JsonObject Create(GgufPieces pieces, GgufKeys keys, JsonNode? template)
    {
        const string Scores = "tokenizer.ggml.scores";
        float[] scores = keys.List<float>(Scores) ?? throw keys.Bad(Scores, "is missing");
        if (scores.Length != pieces.Texts.Length)
        {
            throw keys.Bad(Scores, $"has {scores.Length} scores for {pieces.Texts.Length} tokens");
        }

        bool prefix = keys.Flag("tokenizer.ggml.add_space_prefix") ?? true;
        string? unknown = keys.Index("tokenizer.ggml.unknown_token_id") is { } id && id < pieces.Texts.Length ? pieces.Texts[id] : null;
        JsonObject replace = Replace(" ", Space);
        JsonNode[] decoders = [Replace(Space, " "), Plain("ByteFallback"), Plain("Fuse")];
        JsonObject strip = new()
        {
            ["type"] = "Strip",
            ["content"] = " ",
            ["start"] = 1,
            ["stop"] = 0,
        };
        return GgufTokenizer.Json(
            pieces,
            prefix
                ? GgufTokenizer.Sequence("Sequence", "normalizers", new JsonObject { ["type"] = "Prepend", ["prepend"] = Space }, replace)
                : replace,
            null,
            template,
            GgufTokenizer.Sequence("Sequence", "decoders", prefix ? [.. decoders, strip] : decoders),
            new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = unknown,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["vocab"] = pieces.Vocabulary(),
                ["merges"] = new JsonArray([.. Merges(pieces, scores).Select(m => JsonValue.Create($"{m.Left} {m.Right}"))]),
            }
        );
    }

    /// <summary>Merges by falling score; of one piece, the one with the earlier left part first.</summary>
    public static IEnumerable<(string Left, string Right)> Merges(GgufPieces pieces, IReadOnlyList<float> scores)
    {
        var ids = pieces.Used().Where(pieces.IsPlain).ToDictionary(i => pieces.Texts[i]);
        return ids
            .Values.SelectMany(id =>
                Enumerable
                    .Range(1, Math.Max(0, pieces.Texts[id].Length - 1))
                    .Select(at => (Left: pieces.Texts[id][..at], Right: pieces.Texts[id][at..], Score: scores[id]))
                    .Where(m => ids.ContainsKey(m.Left) && ids.ContainsKey(m.Right))
                    .OrderBy(m => ids[m.Left])
                    .ThenBy(m => ids[m.Right])
            )
            .OrderByDescending(m => m.Score)
            .Select(m => (m.Left, m.Right));
    }

    private static JsonObject Replace(string from, string to) =>
        new()
        {
            ["type"] = "Replace",
            ["pattern"] = new JsonObject { ["String"] = from },
            ["content"] = to,
        };

    private static JsonObject Plain(string type) => new() { ["type"] = type };
}
