using System.Text.Json;
using ICPO.Actors.Serving.Errors;

namespace ICPO.Actors.Serving.Requests;

/// <summary>Token ids of a request.</summary>
internal static class TokenIds
{
    /// <exception cref="ApiException">An element is not an id of the model.</exception>
    public static int[] Read(JsonElement array, string path, int vocabulary)
    {
        int[] ids = new int[array.GetArrayLength()];
        int at = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out int id) || id < 0 || id >= vocabulary)
            {
                throw ApiException.Invalid(path, $"{path}[{at}] must be a token id from 0 to {vocabulary - 1}.");
            }

            ids[at++] = id;
        }

        return ids;
    }
}
