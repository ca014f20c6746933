using System.Collections.Frozen;
using ICPO.Tokenizers.Bpe;
using ICPO.Tokenizers.Pipeline;

namespace ICPO.Tokenizers;

/// <summary>
/// A tokenizer.json with a BPE model, byte-level (GPT-2, Llama 3, Qwen, SmolLM2) or of SentencePiece's kind (Llama 2): added
/// tokens are cut out of the text, the rest is normalised, cut into pieces and merged. Ids and text are those of Hugging Face's
/// tokenizers. Thread-safe.
/// </summary>
public sealed class SubwordTokenizer : Tokenizer
{
    private readonly BpeModel _model;
    private readonly AddedTokens _raw;
    private readonly AddedTokens _normalized;
    private readonly Func<string, string> _normalize;
    private readonly Func<Piece, IEnumerable<Piece>> _split;
    private readonly Func<IEnumerable<string>, IEnumerable<string>> _decode;
    private readonly FrozenDictionary<int, string> _tokens;
    private readonly FrozenSet<int> _special;
    private readonly (int[] Before, int[] After) _frame;

    internal SubwordTokenizer(
        BpeModel model,
        IReadOnlyDictionary<string, int> vocabulary,
        IReadOnlyList<AddedToken> added,
        Func<string, string> normalize,
        Func<Piece, IEnumerable<Piece>> split,
        Func<IEnumerable<string>, IEnumerable<string>> decode,
        (int[] Before, int[] After) frame
    )
    {
        (this._model, this._normalize, this._split, this._decode, this._frame) = (model, normalize, split, decode, frame);
        added = [.. added.Select(t => t.Normalized ? t with { Content = normalize(t.Content) } : t)];
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
    /// <exception cref="InvalidDataException">The file is not fit for this text: it lacks the token for unknown characters, or one of its
    /// patterns takes too long; names it.</exception>
    public override int[] Encode(string text) => Encode(text, addSpecialTokens: false);

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Special tokens in it are recognised.</param>
    /// <param name="addSpecialTokens">Whether the file's post-processor adds what belongs around a text, e.g. the begin of text.</param>
    /// <exception cref="InvalidDataException">The file is not fit for this text: it lacks the token for unknown characters, or one of its
    /// patterns takes too long; names it.</exception>
    public int[] Encode(string text, bool addSpecialTokens)
    {
        var ids = new List<int>(text.Length / 3);
        if (addSpecialTokens)
        {
            ids.AddRange(_frame.Before);
        }

        foreach ((string? part, AddedToken? token, int start) in _raw.Cut(text))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
                continue;
            }

            foreach ((string? stretch, AddedToken? known, int at) in _normalized.Cut(_normalize(part)))
            {
                if (known is not null)
                {
                    ids.Add(known.Id);
                    continue;
                }

                foreach (Piece piece in _split(new(stretch, start == 0 && at == 0)))
                {
                    _model.Encode(piece.Text, ids);
                }
            }
        }

        if (addSpecialTokens)
        {
            ids.AddRange(_frame.After);
        }

        return [.. ids];
    }

    /// <summary>
    /// The text of the tokens, special tokens written out; bytes that are no UTF-8 become U+FFFD. Ids that no token has give nothing.
    /// </summary>
    public override string Decode(ReadOnlySpan<int> tokens) => Decode(tokens, skipSpecialTokens: false);

    /// <summary>The text of the tokens; bytes that are no UTF-8 become U+FFFD. Ids that no token has give nothing.</summary>
    /// <param name="tokens">Ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out rather than written.</param>
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

        return string.Concat(_decode(pieces));
    }

    /// <summary>The token as the vocabulary writes it (Ġ for a space in byte-level ones); null for an id that no token has.</summary>
    public string? Token(int id) => _tokens.GetValueOrDefault(id);

    /// <summary>Text token by token, see <see cref="TokenStream"/>.</summary>
    public TokenStream Stream(bool skipSpecialTokens = false) => new(ids => Decode(ids, skipSpecialTokens));
}
