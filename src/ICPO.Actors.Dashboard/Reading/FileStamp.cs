namespace ICPO.Actors.Dashboard.Reading;

/// <summary>The state of a file: it differs once the file has changed. The default value stands for a missing file.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc) : default;
    }
}
