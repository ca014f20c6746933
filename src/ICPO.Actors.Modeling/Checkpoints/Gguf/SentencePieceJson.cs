using System.Text.Json.Nodes;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>
/// SentencePiece BPE with byte fallback as a tokenizer.json in the form of Llama 2. SentencePiece has scores where tokenizer.json
/// has merges: each way to put a piece together from two others is a merge, the best score first.
/// </summary>
internal static class SentencePieceJson
{
    private const string Space = "▁"; // ▁

    /// <summary>Characters of all merges, for any pieces and for each of their characters; Llama 2's have 3 times as many.</summary>
    private const long FreeMergeCharacters = 1 << 16,
        MergeCharacters = 4;

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
                ["merges"] = new JsonArray([.. Merges(pieces, scores, keys).Select(m => JsonValue.Create($"{m.Left} {m.Right}"))]),
            }
        );
    }

    /// <summary>Merges by falling score; of one piece, the one with the earlier left part first.</summary>
    /// <exception cref="InvalidDataException">There are far more than the pieces of any tokenizer have; names a piece.</exception>
    public static IEnumerable<(string Left, string Right)> Merges(GgufPieces pieces, IReadOnlyList<float> scores, GgufKeys? keys = null)
    {
        var ids = pieces.Used().Where(pieces.IsPlain).ToDictionary(i => pieces.Texts[i]);
        var prefixes = new PiecePrefixes(ids.Keys);
        long room = FreeMergeCharacters + (MergeCharacters * ids.Keys.Sum(text => (long)text.Length));
        var merges = new List<(string Left, string Right, float Score)>();
        foreach ((string text, int id) in ids)
        {
            IEnumerable<(string Left, string Right, float Score)> ways = prefixes
                .Of(text)
                .Select(left => (Left: left, Right: text[left.Length..], Score: scores[id]))
                .Where(way => ids.ContainsKey(way.Right))
                .OrderBy(way => ids[way.Left])
                .ThenBy(way => ids[way.Right]);
            foreach ((string Left, string Right, float Score) way in ways)
            {
                if ((room -= text.Length) < 0)
                {
                    string problem = $"can be put together in too many ways, as '{text[..Math.Min(text.Length, 40)]}'";
                    throw keys?.Bad("tokenizer.ggml.tokens", problem) ?? new InvalidDataException(problem);
                }

                merges.Add(way);
            }
        }

        return merges.OrderByDescending(m => m.Score).Select(m => (m.Left, m.Right));
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
