using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.DataFiles.Files;

namespace ICPO.Tokenizers;

/// <summary>
/// One token per character, plus special tokens. As tokenizer.json it is a BPE model without merges and a decoder that
/// joins, so that Hugging Face tokenizers give the same ids and text.
/// </summary>
public sealed class CharacterTokenizer : Tokenizer
{
    private readonly string[] _tokens;
    private readonly int _specialCount;
    private readonly FrozenDictionary<char, int> _ids;

    /// <param name="special">Special tokens; their ids come first.</param>
    /// <param name="alphabet">The characters, in the order of their ids.</param>
    internal CharacterTokenizer(IReadOnlyList<string> special, IReadOnlyList<char> alphabet)
    {
        _specialCount = special.Count;
        _tokens = [.. special, .. alphabet.Select(c => c.ToString())];
        _ids = alphabet.Index().ToFrozenDictionary(c => c.Item, c => _specialCount + c.Index);
    }

    public override int VocabularySize => _tokens.Length;

    /// <summary>pad 0, bos 1, eos 2.</summary>
    public SpecialTokens Special { get; } = new(1, [2], 0);

    /// <summary>A tokenizer with the ids pad 0, bos 1, eos 2, then the alphabet in its order.</summary>
    /// <exception cref="ArgumentException">A character occurs twice, is half of a surrogate pair or is also a special token, or a special
    /// token is empty or equal to another.</exception>
    public static CharacterTokenizer Create(IEnumerable<char> alphabet, string pad = "<pad>", string bos = "<bos>", string eos = "<eos>")
    {
        char[] characters = [.. alphabet];
        if (characters.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The alphabet holds {Name(twice.Key)} more than once.", nameof(alphabet));
        }

        if (characters.Where(char.IsSurrogate).Select(c => (char?)c).FirstOrDefault() is { } half)
        {
            throw new ArgumentException($"The alphabet holds {Name(half)}, which is half of a surrogate pair.", nameof(alphabet));
        }

        string[] special = [pad, bos, eos];
        if (special.Any(string.IsNullOrEmpty) || special.Distinct().Count() < special.Length)
        {
            throw new ArgumentException($"The special tokens are '{string.Join("', '", special)}': none may be empty or equal to another.");
        }

        if (special.FirstOrDefault(t => t.Length == 1 && characters.Contains(t[0])) is { } letter)
        {
            throw new ArgumentException($"The alphabet holds {Name(letter[0])}, which is a special token too.", nameof(alphabet));
        }

        return new(special, characters);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A character is not in the alphabet; names it.</exception>
    public override int[] Encode(string text)
    {
        var result = new List<int>(text.Length);
        for (int at = 0; at < text.Length; )
        {
            if (SpecialAt(text, at) is { } special)
            {
                result.Add(special);
                at += _tokens[special].Length;
            }
            else if (_ids.TryGetValue(text[at], out int id))
            {
                result.Add(id);
                at++;
            }
            else
            {
                throw new ArgumentException(
                    $"Character {Name(text[at])} at position {at} is not in the tokenizer's alphabet "
                        + $"'{string.Concat(_tokens[_specialCount..])}'.",
                    nameof(text)
                );
            }
        }

        return [.. result];
    }

    /// <summary>The text of the tokens, special tokens written out. Ids without a token are skipped.</summary>
    public override string Decode(ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder(tokens.Length);
        foreach (int id in tokens)
        {
            if ((uint)id < (uint)this._tokens.Length)
            {
                text.Append(this._tokens[id]);
            }
        }

        return text.ToString();
    }

    /// <summary>Writes tokenizer.json and tokenizer_config.json into a directory.</summary>
    public void Save(string directory)
    {
        var vocabulary = new JsonObject(_tokens.Index().Select(t => KeyValuePair.Create<string, JsonNode?>(t.Item, t.Index)));
        Write(
            TokenizerJson.FileName,
            new()
            {
                ["version"] = "1.0",
                ["truncation"] = null,
                ["padding"] = null,
                ["added_tokens"] = new JsonArray([
                    .. _tokens
                        .Take(_specialCount)
                        .Select(
                            (content, id) =>
                                new JsonObject
                                {
                                    ["id"] = id,
                                    ["content"] = content,
                                    ["single_word"] = false,
                                    ["lstrip"] = false,
                                    ["rstrip"] = false,
                                    ["normalized"] = false,
                                    ["special"] = true,
                                }
                        ),
                ]),
                ["normalizer"] = null,
                ["pre_tokenizer"] = null,
                ["post_processor"] = null,
                ["decoder"] = new JsonObject { ["type"] = "Fuse" },
                ["model"] = new JsonObject
                {
                    ["type"] = "BPE",
                    ["dropout"] = null,
                    ["unk_token"] = null,
                    ["continuing_subword_prefix"] = null,
                    ["end_of_word_suffix"] = null,
                    ["fuse_unk"] = false,
                    ["byte_fallback"] = false,
                    ["vocab"] = vocabulary,
                    ["merges"] = new JsonArray(),
                },
            }
        );
        Write(
            "tokenizer_config.json",
            new()
            {
                ["tokenizer_class"] = "PreTrainedTokenizerFast",
                ["pad_token"] = _tokens[0],
                ["bos_token"] = _tokens[1],
                ["eos_token"] = _tokens[2],
                ["clean_up_tokenization_spaces"] = false,
            }
        );

        void Write(string name, JsonObject content) =>
            DurableFile.Write(Path.Combine(directory, name), file =>
                file.Write(JsonSerializer.SerializeToUtf8Bytes(content, new JsonSerializerOptions { WriteIndented = true }))
            );
    }

    private int? SpecialAt(string text, int at)
    {
        for (int id = 0; id < _specialCount; id++)
        {
            if (string.CompareOrdinal(text, at, _tokens[id], 0, _tokens[id].Length) == 0)
            {
                return id;
            }
        }

        return null;
    }

    private static string Name(char c) => $"'{c}' (U+{(int)c:X4})";
}
