using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Patterns;

/// <summary>
/// A regular expression of a tokenizer on code points, as Oniguruma reads it. .NET's work on UTF-16 units, have fewer kinds of
/// classes and another \w, so pattern and text are mapped to another alphabet: characters that the pattern does not distinguish share a
/// letter.
/// </summary>
internal sealed class CodePointRegex
{
    private const char FirstLetter = '\uE000';
    private const int MaxLetters = 6400;

    /// <summary>The time for one match; the time for a text is as long, and 20 µs more for each of its characters.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(500);

    private const double MillisecondsPerCharacter = 0.02;

    private readonly string _pattern;
    private readonly Regex _regex;
    private readonly int[] _starts; // of ranges of code points that share a letter
    private readonly char[] _letters;
    private readonly char[] _plane = new char[char.MaxValue + 1]; // the letters of code points up to U+FFFF

    /// <param name="pattern">In Oniguruma's notation, as tokenizer.json has it.</param>
    /// <param name="timeout">Maximum time for one match; half a second if null.</param>
    /// <exception cref="ArgumentException">It is malformed or uses an unsupported construct.</exception>
    public CodePointRegex(string pattern, TimeSpan? timeout = null)
    {
        _pattern = pattern;
        var parsed = OnigurumaPattern.Parse(pattern);
        _starts = [.. parsed.Sets.SelectMany(s => s.Edges).Prepend(0).Where(e => e < CodePointSet.End).Distinct().Order()];
        _letters = new char[_starts.Length];
        (Dictionary<string, char>? known, List<SortedSet<char>>? members) = (
            new Dictionary<string, char>(),
            parsed.Sets.Select(_ => new SortedSet<char>()).ToList()
        );
        for (int i = 0; i < _starts.Length; i++)
        {
            string sets = string.Concat(parsed.Sets.Select(s => s.Contains(_starts[i]) ? '1' : '0'));
            if (!known.TryGetValue(sets, out char letter))
            {
                known[sets] = letter =
                    known.Count < MaxLetters
                        ? (char)(FirstLetter + known.Count)
                        : throw new ArgumentException($"'{pattern}' distinguishes too many kinds of characters");
            }

            _letters[i] = letter;
            foreach ((SortedSet<char>? set, char _) in members.Zip(sets).Where(m => m.Second == '1'))
            {
                set.Add(letter);
            }

            _plane.AsSpan(Math.Min(_starts[i], _plane.Length)..).Fill(letter);
        }

        _regex = new(
            parsed.Write(set => Class(members[set])),
            RegexOptions.Compiled | RegexOptions.CultureInvariant,
            timeout ?? DefaultTimeout
        );
    }

    /// <summary>Matches as [start, end) in UTF-16 units; empty ones too, but not directly after another match.</summary>
    /// <exception cref="InvalidDataException">Matching this text takes too long; names the pattern.</exception>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        (string? spelled, List<int>? offsets) = Spell(text);
        (int last, TimeSpan spent) = (-1, TimeSpan.Zero);
        for (Match match = Find(() => _regex.Match(spelled)); match.Success; match = Find(match.NextMatch))
        {
            int end = match.Index + match.Length;
            if (match.Length > 0 || match.Index != last)
            {
                yield return (offsets?[match.Index] ?? match.Index, offsets?[end] ?? end);
            }

            last = end;
        }

        Match Find(Func<Match> find)
        {
            TimeSpan allowed = _regex.MatchTimeout + TimeSpan.FromMilliseconds(MillisecondsPerCharacter * text.Length);
            long begun = Stopwatch.GetTimestamp();
            try
            {
                Match match = find();
                spent += Stopwatch.GetElapsedTime(begun);
                return spent <= allowed ? match : throw TooSlow(allowed);
            }
            catch (RegexMatchTimeoutException e)
            {
                throw TooSlow(e.MatchTimeout, e);
            }
        }
    }

    private InvalidDataException TooSlow(TimeSpan time, Exception? cause = null) =>
        new(
            $"The tokenizer's pattern '{OneLine.Of(_pattern)}' takes more than "
                + $"{time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s to cut a text: it can match it in too many ways.",
            cause
        );

    /// <summary>One letter for each character, and the index of each character; null if each takes one unit.</summary>
    private (string Letters, List<int>? Offsets) Spell(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDBFF'))
        {
            return (string.Create(text.Length, text, (letters, source) =>
                {
                    for (int i = 0; i < letters.Length; i++)
                    {
                        letters[i] = _plane[source[i]];
                    }
                }), null);
        }

        (StringBuilder? spelled, List<int>? offsets) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        for (int i = 0; i < text.Length; i++)
        {
            offsets.Add(i);
            bool isPair = char.IsSurrogatePair(text, i);
            spelled.Append(isPair ? Letter(char.ConvertToUtf32(text, i)) : _plane[text[i]]);
            i += isPair ? 1 : 0;
        }

        offsets.Add(text.Length);
        return (spelled.ToString(), offsets);
    }

    private char Letter(int point) => _letters[Array.BinarySearch(_starts, point) is var at && at >= 0 ? at : ~at - 1];

    private static string Class(SortedSet<char> letters) => letters.Count == 0 ? "(?!)" : $"[{string.Concat(letters)}]";
}
