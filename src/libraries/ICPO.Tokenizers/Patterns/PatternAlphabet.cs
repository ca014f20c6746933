using System.Text;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Patterns;

/// <summary>
/// The alphabet that a pattern and its texts are mapped to: characters that the pattern does not distinguish share a letter.
/// </summary>
internal sealed class PatternAlphabet
{
    private const char FirstLetter = '\uE000';
    private const int MaxLetters = 6400;

    /// <summary>Code points whose letters are in a table; it covers the alphabets of Europe.</summary>
    private const int TableSize = 0x800;

    private readonly int[] _starts; // of ranges of code points that share a letter
    private readonly char[] _letters;
    private readonly char[] _table = new char[TableSize];
    private readonly SortedSet<char>[] _members; // letters by set

    /// <param name="pattern">For errors.</param>
    /// <param name="sets">What the pattern distinguishes.</param>
    /// <exception cref="ArgumentException">It distinguishes too much.</exception>
    public PatternAlphabet(string pattern, IReadOnlyList<CodePointSet> sets)
    {
        _starts = [.. sets.SelectMany(s => s.Edges).Prepend(0).Where(e => e < CodePointSet.End).Distinct().Order()];
        _letters = new char[_starts.Length];
        _members = [.. sets.Select(_ => new SortedSet<char>())];
        Dictionary<string, char> known = [];
        Dictionary<string, char>.AlternateLookup<ReadOnlySpan<char>> bySets = known.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> signature = new char[sets.Count];
        for (int i = 0; i < _starts.Length; i++)
        {
            for (int set = 0; set < signature.Length; set++)
            {
                signature[set] = sets[set].Contains(_starts[i]) ? '1' : '0';
            }

            if (!bySets.TryGetValue(signature, out char letter))
            {
                letter =
                    known.Count < MaxLetters
                        ? (char)(FirstLetter + known.Count)
                        : throw new ArgumentException($"'{pattern}' distinguishes too many kinds of characters");
                known[signature.ToString()] = letter;
                for (int set = 0; set < signature.Length; set++)
                {
                    if (signature[set] == '1')
                    {
                        _members[set].Add(letter);
                    }
                }
            }

            _letters[i] = letter;
            int end = i + 1 < _starts.Length ? _starts[i + 1] : CodePointSet.End;
            _table.AsSpan(Math.Min(_starts[i], TableSize)..Math.Min(end, TableSize)).Fill(letter);
        }
    }

    /// <summary>A class of .NET's notation that matches the characters of a set.</summary>
    public string Class(int set) => _members[set].Count == 0 ? "(?!)" : $"[{string.Concat(_members[set])}]";

    /// <summary>One letter for each character, and the index of each character; null if each takes one unit.</summary>
    public (string Letters, List<int>? Offsets) Spell(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDBFF'))
        {
            return (string.Create(text.Length, text, (letters, source) =>
                {
                    for (int i = 0; i < letters.Length; i++)
                    {
                        letters[i] = Letter(source[i]);
                    }
                }), null);
        }

        (StringBuilder? spelled, List<int>? offsets) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        for (int i = 0; i < text.Length; i++)
        {
            offsets.Add(i);
            bool isPair = char.IsSurrogatePair(text, i);
            spelled.Append(Letter(isPair ? char.ConvertToUtf32(text, i) : text[i]));
            i += isPair ? 1 : 0;
        }

        offsets.Add(text.Length);
        return (spelled.ToString(), offsets);
    }

    private char Letter(int point) =>
        point < TableSize ? _table[point] : _letters[Array.BinarySearch(_starts, point) is var at && at >= 0 ? at : ~at - 1];
}
