namespace ICPO.Actors.Host.CommandLine;

/// <summary>The command line is invalid.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Checks the value of a numeric option.</summary>
    /// <exception cref="UsageException">The value is less than <paramref name="min"/>.</exception>
    public static void ThrowIfLess(int value, int min, string option)
    {
        if (value < min)
        {
            throw new UsageException($"{option} {value}: must be at least {min}.");
        }
    }
}
