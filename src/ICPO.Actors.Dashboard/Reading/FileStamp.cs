namespace ICPO.Actors.Dashboard.Reading;

/// <summary>What tells whether a file has changed; the default value for a file that is not there.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc) : default;
    }
}
