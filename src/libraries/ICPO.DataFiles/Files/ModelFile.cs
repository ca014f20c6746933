namespace ICPO.DataFiles.Files;

/// <summary>Opens the files of a model. Whatever keeps one from being read is told in a sentence that names it.</summary>
public static class ModelFile
{
    /// <exception cref="InvalidDataException">It is absent, a directory, or cannot be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return Directory.Exists(path)
                ? throw new InvalidDataException($"{path} is a directory where a file is needed.")
                : new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"{path} does not exist; a model directory needs it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
