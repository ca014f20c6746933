using System.Collections.Frozen;
using ICPO.Tokenizers.Bpe;
using ICPO.Tokenizers.Limits;
using ICPO.Tokenizers.Pipeline;

namespace ICPO.Tokenizers;

/// <summary>
/// A tokenizer.json with a BPE model, byte-level (GPT-2, Llama 3, Qwen, SmolLM2) or SentencePiece-style (Llama 2): added
/// tokens are matched first, the rest is normalized, split into pieces and merged. Ids and text are those of Hugging Face's
/// tokenizers. Thread-safe.
/// </summary>
public sealed class SubwordTokenizer : Tokenizer
{
    private readonly BpeModel _model;
    private readonly AddedTokens _raw;
    private readonly AddedTokens _normalized;
    private readonly TokenizerSteps _steps;
    private readonly FrozenDictionary<int, string> _tokens;
    private readonly FrozenSet<int> _special;

    internal SubwordTokenizer(
        BpeModel model,
        IReadOnlyDictionary<string, int> vocabulary,
        IReadOnlyList<AddedToken> added,
        TokenizerSteps steps
    )
    {
        _model = model;
        _steps = steps;
        var limit = new GrowthLimit(added.Sum(t => (long)t.Content.Length));
        added = [.. added.Select(t => t.Normalized ? t with { Content = steps.Normalize(t.Content, limit) } : t)];
        _raw = new(added.Where(t => !t.Normalized));
        _normalized = new(added.Where(t => t.Normalized));
        _tokens = added
            .Select(t => KeyValuePair.Create(t.Id, t.Content))
            .Concat(vocabulary.Select(t => KeyValuePair.Create(t.Value, t.Key)))
            .DistinctBy(t => t.Key)
            .ToFrozenDictionary();
        _special = added.Where(t => t.Special).Select(t => t.Id).ToFrozenSet();
        VocabularySize = _tokens.Keys.Max() + 1;
    }

    /// <summary>One more than the highest id.</summary>
    public override int VocabularySize { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The tokenizer cannot encode this text: it has no token for unknown characters, or one of its
    /// patterns takes too long; names it.</exception>
    public override int[] Encode(string text)
    {
        var ids = new List<int>(text.Length / 3);
        var limit = new GrowthLimit(text.Length);
        foreach ((string? part, AddedToken? token, int start) in _raw.Cut(text))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
                continue;
            }

            foreach ((string? segment, AddedToken? known, int at) in _normalized.Cut(_steps.Normalize(part, limit)))
            {
                if (known is not null)
                {
                    ids.Add(known.Id);
                    continue;
                }

                foreach (Piece piece in _steps.Split(new(segment, start == 0 && at == 0), limit))
                {
                    _model.Encode(piece.Text, ids);
                }
            }
        }

        return [.. ids];
    }

    /// <summary>
    /// The text of the tokens, special tokens written out; invalid UTF-8 becomes U+FFFD. Ids without a token are skipped.
    /// </summary>
    public override string Decode(ReadOnlySpan<int> tokens) => Decode(tokens, skipSpecialTokens: false);

    /// <summary>The text of the tokens; invalid UTF-8 becomes U+FFFD. Ids without a token are skipped.</summary>
    /// <param name="tokens">Ids.</param>
    /// <param name="skipSpecialTokens">Whether to omit special tokens.</param>
    /// <exception cref="InvalidDataException">The file's decoder makes the text many times longer; names the step.</exception>
    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens)
    {
        var pieces = new List<string>(tokens.Length);
        foreach (int id in tokens)
        {
            if (this._tokens.TryGetValue(id, out string? token) && !(skipSpecialTokens && _special.Contains(id)))
            {
                pieces.Add(token);
            }
        }

        return string.Concat(_steps.Decode(pieces, new GrowthLimit(pieces.Sum(p => (long)p.Length))));
    }

    /// <summary>The token as written in the vocabulary (with Ġ for a space if byte-level); null for an id without a token.</summary>
    public string? Token(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>Decodes token by token, see <see cref="TokenStream"/>.</summary>
    public TokenStream Stream(bool skipSpecialTokens = false) => new(ids => Decode(ids, skipSpecialTokens));
}
