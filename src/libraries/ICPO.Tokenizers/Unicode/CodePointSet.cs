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
    private static readonly Lazy<(int[][] Groups, Dictionary<int, int[]> ByFold)> Cased = new(FindCased);

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
    public CodePointSet IgnoringCase()
    {
        var points = new List<int>();
        if (_edges.Length == 2 && _edges[1] == _edges[0] + 1)
        {
            // A single character, as most literals of a pattern.
            points.AddRange(Rune.IsValid(_edges[0]) ? Cased.Value.ByFold.GetValueOrDefault(Fold(_edges[0]), []) : []);
        }
        else
        {
            foreach (int[] group in Cased.Value.Groups)
            {
                if (Array.Exists(group, Contains))
                {
                    points.AddRange(group);
                }
            }
        }

        return points.Count == 0 ? this : Or(Points([.. points.Order()]));
    }

    private static CodePointSet Points(int[] ascending)
    {
        var edges = new List<int>();
        foreach (int point in ascending)
        {
            if (edges.Count > 0 && edges[^1] == point)
            {
                edges[^1] = point + 1;
            }
            else
            {
                edges.AddRange([point, point + 1]);
            }
        }

        return new([.. edges]);
    }

    /// <summary>Walks both lists of edges together.</summary>
    private CodePointSet Combine(CodePointSet other, Func<bool, bool, bool> isMember)
    {
        var edges = new List<int>(_edges.Length + other._edges.Length + 1);
        (int left, int right) = (0, 0);
        for (int point = 0; point < End; point = Math.Min(At(_edges, left), At(other._edges, right)))
        {
            left += At(_edges, left) == point ? 1 : 0;
            right += At(other._edges, right) == point ? 1 : 0;
            if (isMember((left & 1) == 1, (right & 1) == 1) != ((edges.Count & 1) == 1))
            {
                edges.Add(point);
            }
        }

        return new([.. edges]);

        static int At(int[] edges, int index) => index < edges.Length ? edges[index] : End;
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

    /// <summary>Characters that differ only in case, in groups.</summary>
    private static (int[][] Groups, Dictionary<int, int[]> ByFold) FindCased()
    {
        var byFold = Enumerable
            .Range(0, LastCased)
            .Where(p => Rune.IsValid(p) && (Fold(p) != p || Upper(p) != p))
            .GroupBy(Fold)
            .ToDictionary(group => group.Key, group => group.ToArray());
        return ([.. byFold.Values], byFold);
    }

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
