using System.Collections.Immutable;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>Normalizes responses for verifiers.</summary>
internal static class ResponseText
{
    /// <summary>The response without its final stop string and surrounding white space.</summary>
    internal static string Strip(string response, ImmutableArray<string> stopStrings) => RemoveStop(response, stopStrings).Trim();

    /// <summary>The response without its final stop string.</summary>
    internal static string RemoveStop(string response, ImmutableArray<string> stopStrings)
    {
        string? stop = stopStrings.FirstOrDefault(s => response.EndsWith(s, StringComparison.Ordinal));
        return stop is null ? response : response[..^stop.Length];
    }
}
