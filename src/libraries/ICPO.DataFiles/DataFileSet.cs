namespace ICPO.DataFiles;

/// <summary>
/// The files of a data set: the matches of a pattern (* or ? in the last part of a path), or all files of one format below a directory
/// (Parquet if there is any, else JSON lines, else JSON), in ordinal order of their names.
/// </summary>
internal static class DataFileSet
{
    private static readonly string[][] Formats =
    [
        [".parquet"],
        [".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"],
        [".json", ".json.gz"],
    ];

    /// <summary>The files, each with the name that row ids use; a single one if the path names a file.</summary>
    /// <exception cref="InvalidDataException">A directory holds no data file.</exception>
    public static IReadOnlyList<(string Path, string Name)> Find(string path)
    {
        if (File.Exists(path))
        {
            return [(path, Path.GetFileName(path))];
        }

        if (Directory.Exists(path))
        {
            return Below(path) is { Length: > 0 } below
                ? Named(path, below)
                : throw new InvalidDataException(
                    $"{path}: there is no .parquet, .jsonl or .json file in the directory; name one, or a directory of them."
                );
        }

        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        return Matching(folder, Path.GetFileName(path)) is { Length: > 0 } matches
            ? Named(folder, matches)
            : [(path, Path.GetFileName(path))];
    }

    private static (string Path, string Name)[] Named(string folder, string[] files) =>
        [.. files.Order(StringComparer.Ordinal).Select(file => (file, Path.GetRelativePath(folder, file).Replace('\\', '/')))];

    private static string[] Below(string directory)
    {
        string[] all = Directory.GetFiles(directory, "*", SearchOption.AllDirectories);
        return Formats
            .Select(form => all.Where(file => form.Any(end => file.EndsWith(end, StringComparison.OrdinalIgnoreCase))).ToArray())
            .FirstOrDefault(files => files.Length > 0)
            ?? [];
    }

    private static string[] Matching(string folder, string pattern) =>
        pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
}
