namespace ICPO.DataFiles;

/// <summary>
/// The files of a data set in several: those that a * or ? in the last part of a path stands for, or all below a directory that are of one
/// form: Parquet where there
/// is one, else JSON lines, else JSON. They are read in the order of their names.
/// </summary>
internal static class DataFiles
{
    private static readonly string[][] Forms =
    [
        [".parquet"],
        [".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"],
        [".json", ".json.gz"],
    ];

    /// <summary>Files with what their rows' ids call them; one where the path is a file's.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static IReadOnlyList<(string Path, string Name)> Of(string path)
    {
        if (File.Exists(path))
        {
            return [(path, Path.GetFileName(path))];
        }

        bool isDirectory = Directory.Exists(path);
        string folder =
            isDirectory ? path
            : Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent
            : ".";
        string[] files = isDirectory ? Below(path) : Matching(folder, Path.GetFileName(path));
        return files.Length > 0
                ? [.. files.Order(StringComparer.Ordinal).Select(file => (file, Path.GetRelativePath(folder, file).Replace('\\', '/')))]
            : isDirectory
                ? throw new InvalidDataException(
                    $"{path}: there is no .parquet, .jsonl or .json file in the directory; name one, or a directory of them."
                )
            : [(path, Path.GetFileName(path))];
    }

    private static string[] Below(string directory)
    {
        string[] all = Directory.GetFiles(directory, "*", SearchOption.AllDirectories);
        return Forms
            .Select(form => all.Where(file => form.Any(end => file.EndsWith(end, StringComparison.OrdinalIgnoreCase))).ToArray())
            .FirstOrDefault(files => files.Length > 0)
            ?? [];
    }

    private static string[] Matching(string folder, string pattern) =>
        pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
}
