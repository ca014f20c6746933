using System.Text.Json.Nodes;

namespace ICPO.Actors.Serving.Responses;

/// <summary>Token ids as JSON.</summary>
internal static class IdsJson
{
    public static JsonArray Create(IEnumerable<int> ids) => [.. ids.Select(id => (JsonNode)id)];
}
