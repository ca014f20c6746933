using System.Text.Json;

namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Reads fields of rows.</summary>
internal static class Rows
{
    /// <summary>The value of a field name or dotted path; null if there is none.</summary>
    public static JsonElement? Find(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path, out JsonElement whole))
        {
            return whole;
        }

        foreach (string step in path.Split('.'))
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out JsonElement member))
            {
                element = member;
            }
            else if (
                element.ValueKind == JsonValueKind.Array
                && int.TryParse(step, out int index)
                && index >= -element.GetArrayLength()
                && index < element.GetArrayLength()
            )
            {
                element = element[index < 0 ? index + element.GetArrayLength() : index];
            }
            else
            {
                return null;
            }
        }

        return element;
    }
}
