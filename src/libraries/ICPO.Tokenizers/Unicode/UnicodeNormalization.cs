using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ICPO.Tokenizers.Unicode;

/// <summary>
/// Normalization forms C, D, KC and KD (Unicode Standard Annex 15). Without ICU (InvariantGlobalization),
/// <see cref="string.Normalize()"/> silently does nothing; the table is in UnicodeNormalization.txt.
/// </summary>
internal static class UnicodeNormalization
{
    private const char FirstAffected = '\u0300'; // characters below are in NFC and do not compose with a preceding one
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Tables> Data = new(Tables.Load);

    public static string ToNfc(string text) =>
        text.AsSpan().ContainsAnyInRange(FirstAffected, char.MaxValue) ? Normalize(text, compose: true, isCompatible: false) : text;

    /// <summary>Normalization form D.</summary>
    public static string ToNfd(string text) => Normalize(text, compose: false, isCompatible: false);

    /// <summary>Normalization form KC.</summary>
    public static string ToNfkc(string text) => Normalize(text, compose: true, isCompatible: true);

    /// <summary>Normalization form KD.</summary>
    public static string ToNfkd(string text) => Normalize(text, compose: false, isCompatible: true);

    private static string Normalize(string text, bool compose, bool isCompatible)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var runes = new List<int>(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, runes, isCompatible);
        }

        Order(runes);
        if (compose)
        {
            Compose(runes);
        }

        var result = new StringBuilder(text.Length);
        runes.ForEach(r => result.Append(char.ConvertFromUtf32(r)));
        return result.ToString();
    }

    private static void Decompose(int rune, List<int> into, bool isCompatible)
    {
        if (rune - HangulBase is >= 0 and < Leads * Vowels * Tails and var syllable)
        {
            into.Add(LeadBase + (syllable / (Vowels * Tails)));
            into.Add(VowelBase + (syllable / Tails % Vowels));
            if (syllable % Tails != 0)
            {
                into.Add(TailBase + (syllable % Tails));
            }
        }
        else if (isCompatible && Data.Value.Compatible.TryGetValue(rune, out int[]? plain))
        {
            into.AddRange(plain);
        }
        else if (Data.Value.Decompositions.TryGetValue(rune, out int[]? parts))
        {
            foreach (int part in parts)
            {
                Decompose(part, into, isCompatible);
            }
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Sorts each run of combining characters by class, equal classes in their order.</summary>
    private static void Order(List<int> runes)
    {
        for (int start = 0, end; start < runes.Count; start = end)
        {
            end = start + 1;
            while (end < runes.Count && Class(runes[start]) > 0 && Class(runes[end]) > 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                runes[start..end].OrderBy(Class).ToArray().CopyTo(CollectionsMarshal.AsSpan(runes)[start..]);
            }
        }
    }

    /// <summary>Composes each character with the last starter, unless one of its class or higher is between them.</summary>
    private static void Compose(List<int> runes)
    {
        (int starter, int last, int kept) = (-1, 0, 0);
        foreach (int rune in runes.ToArray())
        {
            int k = Class(rune);
            bool adjacent = starter == kept - 1;
            if (starter >= 0 && (adjacent || (last != 0 && last < k)) && Pair(runes[starter], rune) is { } joined)
            {
                runes[starter] = joined;
                continue;
            }

            if (k == 0)
            {
                starter = kept;
            }

            last = k;
            runes[kept++] = rune;
        }

        runes.RemoveRange(kept, runes.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
        {
            return HangulBase + (((lead * Vowels) + vowel) * Tails);
        }

        if (
            first - HangulBase is >= 0 and < Leads * Vowels * Tails and var syllable
            && syllable % Tails == 0
            && second - TailBase is > 0 and < Tails and var tail
        )
        {
            return first + tail;
        }

        return Data.Value.Compositions.TryGetValue((first, second), out int joined) ? joined : null;
    }

    private static int Class(int rune) => Data.Value.Classes.GetValueOrDefault(rune);

    /// <param name="Decompositions">Canonical decompositions, one step each.</param>
    /// <param name="Compatible">Full compatibility decompositions that differ from the canonical ones.</param>
    /// <param name="Compositions">Compositions of two characters.</param>
    /// <param name="Classes">Combining classes above 0.</param>
    private sealed record Tables(
        FrozenDictionary<int, int[]> Decompositions,
        FrozenDictionary<int, int[]> Compatible,
        FrozenDictionary<(int, int), int> Compositions,
        FrozenDictionary<int, int> Classes
    )
    {
        public static Tables Load()
        {
            (Dictionary<int, int[]>? decompositions, Dictionary<int, int[]>? compatible) = (
                new Dictionary<int, int[]>(),
                new Dictionary<int, int[]>()
            );
            (Dictionary<(int, int), int>? compositions, Dictionary<int, int>? classes) = (
                new Dictionary<(int, int), int>(),
                new Dictionary<int, int>()
            );
            using var reader = new StreamReader(
                typeof(UnicodeNormalization).Assembly.GetManifestResourceStream("UnicodeNormalization.txt")!
            );
            while (reader.ReadLine() is { } line)
            {
                int[] numbers =
                [
                    .. line.Split(['=', '>', '~', '-', ':', ' '])
                        .Where(_ => line[0] != '#')
                        .Select(n => int.Parse(n, NumberStyles.HexNumber)),
                ];
                switch (numbers)
                {
                    case [var from, var to, var k] when line.Contains(':'):
                        Enumerable.Range(from, to - from + 1).ToList().ForEach(r => classes[r] = k);
                        break;
                    case [var rune, .. var parts] when line.Contains('~'):
                        compatible[rune] = parts;
                        break;
                    case [var rune, .. var parts]:
                        decompositions[rune] = parts;
                        if (line.Contains('='))
                        {
                            compositions[(parts[0], parts[1])] = rune;
                        }

                        break;
                }
            }

            return new(
                decompositions.ToFrozenDictionary(),
                compatible.ToFrozenDictionary(),
                compositions.ToFrozenDictionary(),
                classes.ToFrozenDictionary()
            );
        }
    }
}
