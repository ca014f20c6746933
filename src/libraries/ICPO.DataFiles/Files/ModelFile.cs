namespace ICPO.DataFiles.Files;

/// <summary>Opens the files of a model; every failure becomes one error that names the file.</summary>
public static class ModelFile
{
    /// <exception cref="InvalidDataException">The file is missing, a directory, or unreadable.</exception>
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
