namespace ICPO.DataFiles.Files;

/// <summary>Opens the files of a model; every failure becomes one error that names the file.</summary>
public static class ModelFile
{
    /// <exception cref="InvalidDataException">The file is missing, a directory, unreadable, or a pointer of Git LFS.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return Directory.Exists(path)
                ? throw new InvalidDataException($"{path} is a directory where a file is needed.")
                : GitLfsPointer.Refuse(path, new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            string link = new FileInfo(path).LinkTarget is { } target ? $" (it is a link to {target})" : "";
            throw new InvalidDataException($"{path} does not exist{link}; a model directory needs it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The text of a file in UTF-8.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Open"/>.</exception>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }
}
