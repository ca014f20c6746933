using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Responses as verifiers read them.</summary>
internal static class ResponseText
{
    /// <summary>The response without the stop string that ended it and without white space round it.</summary>
    internal static string Strip(string response, ImmutableArray<string> stopStrings)
    {
        string? stop = stopStrings.FirstOrDefault(s => response.EndsWith(s, StringComparison.Ordinal));
        return (stop is null ? response : response[..^stop.Length]).Trim();
    }
}
