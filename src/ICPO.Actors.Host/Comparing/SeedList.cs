using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Comparing;

/// <summary>Parses lists of seeds such as <c>1,2,5</c> and <c>1-5</c>.</summary>
internal static class SeedList
{
    private const int MaxRange = 1000;

    /// <exception cref="UsageException">The text is not a list of distinct seeds.</exception>
    public static ImmutableArray<ulong> Parse(string text)
    {
        ImmutableArray<ulong>.Builder seeds = ImmutableArray.CreateBuilder<ulong>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            bool isRange =
                TryParse(ends[0], out ulong first) & TryParse(ends[^1], out ulong last)
                && ends.Length <= 2
                && last >= first
                && last - first < MaxRange;
            if (!isRange)
            {
                throw new UsageException($"--seeds {text}: write numbers separated by commas or a range, for example 1,2,3 or 1-5.");
            }

            for (ulong seed = first; seed <= last; seed++)
            {
                seeds.Add(seed);
            }
        }

        return seeds.Count > 0 && seeds.Distinct().Count() == seeds.Count
            ? seeds.ToImmutable()
            : throw new UsageException($"--seeds {text}: at least one seed is required, each only once.");
    }

    private static bool TryParse(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
