using System.Text;

namespace ICPO.DataFiles.Files;

/// <summary>
/// The text of a few lines that Git stores in place of a large file (git-lfs.com, its specification of pointer files). A clone without
/// Git LFS holds it under the name of the file.
/// </summary>
internal static class GitLfsPointer
{
    private const int MaxBytes = 1024; // as the specification has it
    private const string SizeKey = "size ";

    private static readonly string[] FirstLines = ["version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/"];

    /// <summary>The same file, at its start.</summary>
    /// <param name="path">The name used in errors.</param>
    /// <param name="file">An open file; closed if it is refused.</param>
    /// <exception cref="InvalidDataException">It is a pointer.</exception>
    public static FileStream Refuse(string path, FileStream file)
    {
        try
        {
            if (!file.CanSeek || file.Length > MaxBytes)
            {
                return file;
            }

            byte[] bytes = new byte[file.Length];
            string text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            file.Position = 0;
            return FirstLines.Any(line => text.StartsWith(line, StringComparison.Ordinal)) ? throw Pointer(path, text) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static InvalidDataException Pointer(string path, string text)
    {
        string? size = text.Split('\n').FirstOrDefault(line => line.StartsWith(SizeKey, StringComparison.Ordinal));
        string what = size is null ? "another file" : $"a file of {size[SizeKey.Length..].Trim()} bytes";
        return new(
            $"{path} is a Git LFS pointer: {what} was not fetched. Run git lfs pull in its repository, or download the " + "file itself."
        );
    }
}
