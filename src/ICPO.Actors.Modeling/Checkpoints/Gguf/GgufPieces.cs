using System.Text.Json.Nodes;

namespace ICPO.Actors.Modeling.Checkpoints.Gguf;

/// <summary>The tokens of a GGUF file with their kinds.</summary>
internal sealed class GgufPieces
{
    private const int Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5;

    private readonly int[] _kinds;

    private GgufPieces(string[] texts, int[] kinds) => (Texts, _kinds) = (texts, kinds);

    /// <param name="texts">By id.</param>
    /// <param name="kinds">As the format numbers them: 1 plain, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.</param>
    public static GgufPieces Create(string[] texts, int[] kinds) => new(texts, kinds);

    /// <summary>By id.</summary>
    public string[] Texts { get; }

    /// <exception cref="InvalidDataException">The tokens are missing, or their types do not match.</exception>
    public static GgufPieces Read(GgufKeys keys)
    {
        const string Tokens = "tokenizer.ggml.tokens",
            Kinds = "tokenizer.ggml.token_type";
        string[] texts = keys.List<string>(Tokens) ?? throw keys.Bad(Tokens, "is missing");
        int[] kinds = keys.List<int>(Kinds) ?? new int[texts.Length];
        if (kinds.Length != texts.Length)
        {
            throw keys.Bad(Kinds, $"has {kinds.Length} kinds for {texts.Length} tokens");
        }

        var pieces = new GgufPieces(texts, kinds);
        return pieces.Used().GroupBy(i => texts[i]).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw keys.Bad(Tokens, $"has '{twice.Key}' as {string.Join(" and ", twice)}")
            : pieces;
    }

    /// <summary>Ids by text; places that were only kept free are left out.</summary>
    public JsonObject Vocabulary() => new(Used().Select(i => KeyValuePair.Create(Texts[i], (JsonNode?)i)));

    /// <summary>Ids of tokens that are in use.</summary>
    public IEnumerable<int> Used() => Enumerable.Range(0, Texts.Length).Where(i => _kinds[i] != Unused);

    /// <summary>Whether a token takes part in merging: a plain one does.</summary>
    public bool IsPlain(int id) => _kinds[id] is 0 or 1;

    /// <summary>Tokens that are recognised as a whole in a text.</summary>
    public JsonArray Added() =>
        new([
            .. Enumerable
                .Range(0, Texts.Length)
                .Where(i => _kinds[i] is Unknown or Control or UserDefined)
                .Select(i => new JsonObject
                {
                    ["id"] = i,
                    ["content"] = Texts[i],
                    ["single_word"] = false,
                    ["lstrip"] = false,
                    ["rstrip"] = false,
                    ["normalized"] = false,
                    ["special"] = _kinds[i] != UserDefined,
                }),
        ]);
}
