namespace ICPO.MathAnswers.Numeric;

/// <summary>Pseudo-random numbers that depend only on a name and an index: the same on every machine and in every run.</summary>
internal static class Seeded
{
    /// <summary>In [0, 1).</summary>
    public static double Unit(string name, int place)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in name)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        hash += (ulong)place * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
