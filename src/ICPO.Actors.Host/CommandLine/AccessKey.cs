namespace ICPO.Actors.Host.CommandLine;

/// <summary>The key of a server, from the environment: other users of the machine could read it from the command line.</summary>
internal static class AccessKey
{
    private const int MinLength = 16;

    /// <summary>The key of a variable; null if it is not set or empty.</summary>
    /// <exception cref="UsageException">The key is too short, or cannot be sent in a header.</exception>
    public static string? Read(string variable)
    {
        string? key = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(key))
        {
            return null;
        }

        if (key.Length < MinLength)
        {
            throw new UsageException($"{variable} has {key.Length} characters; a key has at least {MinLength}.");
        }

        return key.All(character => character is > ' ' and < '\x7f')
            ? key
            : throw new UsageException(
                $"{variable} may only contain printable ASCII characters and no spaces, since it is sent in a header."
            );
    }
}
