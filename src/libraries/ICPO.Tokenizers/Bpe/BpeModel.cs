using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;

namespace ICPO.Tokenizers.Bpe;

/// <summary>The settings of a BPE model in tokenizer.json.</summary>
internal sealed record BpeSettings
{
    /// <summary>
    /// Returns the token for a character that is in no token, or fails if the file has no such token; if null, such characters are
    /// dropped.
    /// </summary>
    public Func<string, int>? Unknown { get; init; }

    /// <summary>Whether several unknown characters in a row are one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether unknown characters are written as their bytes, &lt;0x0A&gt;.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a piece that is a whole token is not merged.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Prefix of every character of a piece except the first.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Suffix of the last character of a piece.</summary>
    public string Suffix { get; init; } = "";
}

/// <summary>
/// Byte pair encoding of one piece of text: pairs are merged in order of rank, the
/// leftmost of equal ranks first. A heap holds the pairs, so a piece of n characters takes O(n log n). Thread-safe.
/// </summary>
internal sealed class BpeModel
{
    private const int MaxCachedPieces = 100_000;
    private const int MaxCachedLength = 64;

    private readonly FrozenDictionary<string, int> _vocabulary;
    private readonly Dictionary<long, (int Rank, int Joined)> _merges;
    private readonly BpeSettings _settings;
    private readonly int?[] _bytes;
    private readonly ConcurrentDictionary<string, int[]> _cache = new();

    /// <param name="vocabulary">Token to id.</param>
    /// <param name="merges">Pairs in order of rank; a repeated pair has its last rank.</param>
    /// <param name="settings">The other settings.</param>
    /// <exception cref="ArgumentException">A merge has a token that is not in the vocabulary; names it.</exception>
    public BpeModel(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeSettings settings)
    {
        this._vocabulary = vocabulary.ToFrozenDictionary();
        this._settings = settings;
        this._merges = new(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string? left, string? right) = merges[rank];
            string joined = left + (right.StartsWith(settings.Prefix, StringComparison.Ordinal) ? right[settings.Prefix.Length..] : right);
            this._merges[Pair(Id(left), Id(right))] = (rank, Id(joined));

            int Id(string token) =>
                vocabulary.TryGetValue(token, out int id)
                    ? id
                    : throw new ArgumentException($"merge {rank} needs the token '{token}', which is not in the vocabulary");
        }

        _bytes = [.. Enumerable.Range(0, 256).Select(b => vocabulary.TryGetValue($"<0x{b:X2}>", out int id) ? id : (int?)null)];
    }

    /// <summary>Adds the ids of a piece.</summary>
    /// <exception cref="InvalidDataException">It has a character that is in no token, and the file has no token for unknown
    /// characters.</exception>
    public void Encode(string piece, List<int> into)
    {
        if (piece.Length > MaxCachedLength)
        {
            into.AddRange(Merged(piece));
            return;
        }

        if (!_cache.TryGetValue(piece, out int[]? ids))
        {
            ids = Merged(piece);
            if (_cache.Count < MaxCachedPieces)
            {
                _cache.TryAdd(piece, ids);
            }
        }

        into.AddRange(ids);
    }

    private int[] Merged(string piece)
    {
        if (_settings.IgnoreMerges && _vocabulary.TryGetValue(piece, out int whole))
        {
            return [whole];
        }

        int[] symbols = Symbols(piece);
        return symbols.Length < 2 ? symbols : Merge(symbols);
    }

    /// <summary>
    /// One for each character or byte. As in the reference, an unknown one is emitted before the next known character, after any
    /// bytes between them.
    /// </summary>
    private int[] Symbols(string piece)
    {
        var symbols = new List<int>(piece.Length);
        int? waiting = null;
        for (int at = 0, length; at < piece.Length; at += length)
        {
            length = char.IsHighSurrogate(piece[at]) && at + 1 < piece.Length ? 2 : 1;
            string character = string.Concat(
                at > 0 ? _settings.Prefix : "",
                piece.AsSpan(at, length),
                at + length == piece.Length ? _settings.Suffix : ""
            );
            if (_vocabulary.TryGetValue(character, out int id))
            {
                Release();
                symbols.Add(id);
            }
            else if (_settings.ByteFallback && Encoding.UTF8.GetBytes(character) is var utf8 && utf8.All(b => _bytes[b] is not null))
            {
                symbols.AddRange(utf8.Select(b => _bytes[b]!.Value));
            }
            else if (_settings.Unknown is { } unknown && !(waiting is not null && _settings.FuseUnknown))
            {
                Release();
                waiting = unknown(character);
            }
        }

        Release();
        return [.. symbols];

        void Release()
        {
            if (waiting is { } unknown)
            {
                symbols.Add(unknown);
                waiting = null;
            }
        }
    }

    private int[] Merge(int[] symbols)
    {
        int count = symbols.Length;
        (int[]? next, int[]? previous) = (new int[count], new int[count]);
        var queue = new PriorityQueue<(int At, int Left, int Right, int Joined), long>(count);
        for (int i = 0; i < count; i++)
        {
            (next[i], previous[i]) = (i + 1, i - 1);
            Offer(i);
        }

        while (queue.TryDequeue(out (int At, int Left, int Right, int Joined) pair, out _))
        {
            int right = next[pair.At];
            if (symbols[pair.At] != pair.Left || right >= count || symbols[right] != pair.Right)
            {
                continue; // one of the two has been merged since
            }

            symbols[pair.At] = pair.Joined;
            symbols[right] = -1;
            next[pair.At] = next[right];
            if (next[right] < count)
            {
                previous[next[right]] = pair.At;
            }

            Offer(pair.At);
            if (previous[pair.At] >= 0)
            {
                Offer(previous[pair.At]);
            }
        }

        return [.. symbols.Where(s => s >= 0)];

        void Offer(int at)
        {
            if (next[at] < count && _merges.TryGetValue(Pair(symbols[at], symbols[next[at]]), out (int Rank, int Joined) merge))
            {
                queue.Enqueue((at, symbols[at], symbols[next[at]], merge.Joined), ((long)merge.Rank << 32) | (uint)at);
            }
        }
    }

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}
