using System.Text;

namespace ICPO.Actors.Configuration.Hocon;

/// <summary>Writes values as HOCON that <see cref="HoconReader"/> and Akka's parser read back unchanged.</summary>
internal static class HoconWriter
{
    public static string Scalar(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? value
            : "\""
                + value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\t", "\\t").Replace("\r", "\\r")
                + "\"";

    public static string List(IEnumerable<string> items) => "[" + string.Join(", ", items.Select(Scalar)) + "]";

    public static string Value(ConfigurationValue value) => value.Items is { } items ? List(items) : Scalar(value.Text);

    /// <summary>Writes keys as nested objects; the entries of an object must be adjacent.</summary>
    public static string Tree(IEnumerable<(string Key, string Value, string? Comment)> entries)
    {
        var text = new StringBuilder();
        string[] open = [];
        foreach ((string key, string value, string? comment) in entries)
        {
            string[] path = key.Split('.');
            int shared = open.Zip(path[..^1], string.Equals).TakeWhile(same => same).Count();
            for (int depth = open.Length; depth > shared; depth--)
            {
                text.Append(' ', 2 * (depth - 1)).Append("}\n");
            }

            for (int depth = shared; depth < path.Length - 1; depth++)
            {
                text.Append(' ', 2 * depth).Append(path[depth]).Append(" {\n");
            }

            open = path[..^1];
            text.Append(' ', 2 * open.Length)
                .Append(path[^1])
                .Append(" = ")
                .Append(value)
                .Append(comment is null ? "\n" : $"  # {comment}\n");
        }

        for (int depth = open.Length; depth > 0; depth--)
        {
            text.Append(' ', 2 * (depth - 1)).Append("}\n");
        }

        return text.ToString();
    }
}
