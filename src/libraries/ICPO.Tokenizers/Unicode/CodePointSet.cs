using System.Globalization;
using System.Text;

namespace ICPO.Tokenizers.Unicode;

/// <summary>A set of Unicode code points, as the ascending list of the points at which membership changes.</summary>
internal sealed class CodePointSet
{
    /// <summary>One more than the last code point.</summary>
    public const int End = 0x110000;

    public static readonly CodePointSet None = new([]);

    private const int LastCased = 0x1F000;

    private static readonly Lazy<(int[] Starts, UnicodeCategory[] Categories)> Runs = new(FindRuns);
    private static readonly Lazy<ILookup<int, int>> Cased = new(() =>
        Enumerable.Range(0, LastCased).Where(p => Rune.IsValid(p) && (Fold(p) != p || Upper(p) != p)).ToLookup(Fold)
    );

    private readonly int[] _edges;

    private CodePointSet(int[] edges) => _edges = edges;

    /// <summary>The points at which membership changes.</summary>
    public IReadOnlyList<int> Edges => _edges;

    /// <summary>From <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static CodePointSet Range(int first, int last) => new([first, last + 1]);

    /// <summary>The characters of a text.</summary>
    public static CodePointSet Of(string characters) =>
        CodePoints.Enumerate(characters).Aggregate(None, (set, point) => set.Or(Range(point, point)));

    public static CodePointSet Of(Func<UnicodeCategory, bool> categories)
    {
        (List<int>? edges, bool inside) = (new List<int>(), false);
        foreach ((int start, UnicodeCategory category) in Runs.Value.Starts.Zip(Runs.Value.Categories))
        {
            if (categories(category) != inside)
            {
                edges.Add(start);
                inside = !inside;
            }
        }

        return new([.. edges]);
    }

    public bool Contains(int point) => Array.BinarySearch(_edges, point) is var at && ((at >= 0 ? at + 1 : ~at) & 1) == 1;

    public CodePointSet Or(CodePointSet other) => Combine(other, (a, b) => a || b);

    public CodePointSet And(CodePointSet other) => Combine(other, (a, b) => a && b);

    public CodePointSet Not() => Combine(None, (a, _) => !a);

    /// <summary>This set, with all characters that differ from its members only in case.</summary>
    public CodePointSet IgnoringCase() =>
        Cased
            .Value.Where(group => group.Any(Contains))
            .SelectMany(group => group)
            .Aggregate(this, (set, point) => set.Or(Range(point, point)));

    private CodePointSet Combine(CodePointSet other, Func<bool, bool, bool> isMember)
    {
        (List<int>? edges, bool inside) = (new List<int>(), false);
        foreach (int edge in _edges.Concat(other._edges).Prepend(0).Where(e => e < End).Distinct().Order())
        {
            if (isMember(Contains(edge), other.Contains(edge)) != inside)
            {
                edges.Add(edge);
                inside = !inside;
            }
        }

        return new([.. edges]);
    }

    private static int Lower(int point) => Rune.ToLowerInvariant(new(point)).Value;

    private static int Upper(int point) => Rune.ToUpperInvariant(new(point)).Value;

    /// <summary>.NET omits the two letters beyond ASCII whose other case is in ASCII: long s and the Kelvin sign.</summary>
    private static int Fold(int point) =>
        point switch
        {
            0x17F => 's',
            0x212A => 'k',
            _ => Lower(Upper(point)),
        };

    private static (int[] Starts, UnicodeCategory[] Categories) FindRuns()
    {
        (List<int>? starts, List<UnicodeCategory>? categories) = (new List<int>(), new List<UnicodeCategory>());
        for (int point = 0; point < End; point++)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(point);
            if (point == 0 || category != categories[^1])
            {
                starts.Add(point);
                categories.Add(category);
            }
        }

        return ([.. starts], [.. categories]);
    }
}
