using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ICPO.DataFiles.Json;

namespace ICPO.Tokenizers.Patterns;

/// <summary>
/// A regular expression of a tokenizer on code points, as Oniguruma reads it. .NET's work on UTF-16 units, have fewer kinds of
/// classes and another \w, so pattern and text are mapped to another alphabet: see <see cref="PatternAlphabet"/>.
/// </summary>
internal sealed class CodePointRegex
{
    /// <summary>A pattern is compiled once it has read so many characters: compiling takes as long as interpreting them.</summary>
    private const long CharactersToCompile = 1 << 15;

    /// <summary>Texts up to this length must be cut in <see cref="ShortTimeout"/>, longer ones in <see cref="LongTimeout"/>.</summary>
    private const int ShortText = 4096;

    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(25),
        LongTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>What is added to the time of all matches in a text.</summary>
    private const double MillisecondsPerCharacter = 0.02;

    private readonly string _pattern;
    private readonly PatternAlphabet _alphabet;
    private readonly string _written;
    private readonly TimeSpan? _timeout;
    private readonly Lazy<Regex> _long;
    private volatile Regex _short;
    private long _read;

    /// <param name="pattern">In Oniguruma's notation, as tokenizer.json has it.</param>
    /// <param name="timeout">Maximum time for one match; by the length of the text if null.</param>
    /// <exception cref="ArgumentException">It is malformed or uses an unsupported construct.</exception>
    public CodePointRegex(string pattern, TimeSpan? timeout = null)
    {
        (_pattern, _timeout) = (pattern, timeout);
        var parsed = OnigurumaPattern.Parse(pattern);
        _alphabet = new(pattern, parsed.Sets);
        _written = parsed.Write(_alphabet.Class);
        _short = Create(RegexOptions.None, ShortTimeout);
        _long = new(() => Create(RegexOptions.Compiled, LongTimeout));
    }

    /// <summary>Matches as [start, end) in UTF-16 units; empty ones too, but not directly after another match.</summary>
    /// <exception cref="InvalidDataException">Matching this text takes too long; names the pattern.</exception>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        Regex regex = text.Length <= ShortText ? _short : _long.Value;
        if (Interlocked.Add(ref _read, text.Length) > CharactersToCompile && !_short.Options.HasFlag(RegexOptions.Compiled))
        {
            _short = Create(RegexOptions.Compiled, ShortTimeout);
        }

        // Times are elapsed ones: only a pattern is slow twice, a machine that halts is not.
        return Find(regex, text) ?? Find(regex, text) ?? throw TooSlow(Allowed(regex, text).TotalSeconds);
    }

    private InvalidDataException TooSlow(double seconds) =>
        new(
            $"The tokenizer's pattern '{OneLine.Of(_pattern)}' takes more than {seconds.ToString("0.###", CultureInfo.InvariantCulture)} s "
                + "to cut a text: it can match it in too many ways."
        );

    /// <summary>All matches; null if they take too long.</summary>
    private List<(int Start, int End)>? Find(Regex regex, string text)
    {
        (string letters, List<int>? offsets) = _alphabet.Spell(text);
        var found = new List<(int, int)>();
        long begun = Stopwatch.GetTimestamp();
        try
        {
            int last = -1;
            for (Match match = regex.Match(letters); match.Success; match = match.NextMatch())
            {
                int end = match.Index + match.Length;
                if (match.Length > 0 || match.Index != last)
                {
                    found.Add((offsets?[match.Index] ?? match.Index, offsets?[end] ?? end));
                }

                last = end;
                if (Stopwatch.GetElapsedTime(begun) > Allowed(regex, text))
                {
                    return null;
                }
            }

            return found;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static TimeSpan Allowed(Regex regex, string text) =>
        regex.MatchTimeout + TimeSpan.FromMilliseconds(MillisecondsPerCharacter * text.Length);

    private Regex Create(RegexOptions options, TimeSpan timeout) =>
        new(_written, options | RegexOptions.CultureInvariant, _timeout ?? timeout);
}
