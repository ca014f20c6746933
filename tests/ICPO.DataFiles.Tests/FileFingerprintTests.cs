using System.Security.Cryptography;
using ICPO.DataFiles.Files;

namespace ICPO.DataFiles.Tests;

public sealed class FileFingerprintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_the_hash_of_the_whole_file()
    {
        foreach (int length in new[] { 0, 1, (1 << 20) + 3 })
        {
            byte[] content = new byte[length];
            new Random(length).NextBytes(content);
            File.WriteAllBytes(_folder.In("file"), content);
            var print = FileFingerprint.Compute(_folder.In("file"));
            Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(content)), (long)length), (print.Sha256, print.Length));
        }
    }

    [Fact]
    public void A_large_file_that_was_not_touched_is_not_read_again()
    {
        string path = _folder.Write("file", "content");
        FileFingerprint print = Compute(path, null);
        Assert.SkipWhen(print.Stamp is null, "The file system gives no status-change time.");
        FileFingerprint forged = print with { Sha256 = "as before" };
        Assert.Equal("as before", Compute(path, forged).Sha256);
        Assert.Equal(print.Sha256, FileFingerprint.Compute(path, forged).Sha256);
    }

    [Fact]
    public void A_change_that_keeps_length_and_time_of_the_last_write_is_found()
    {
        string path = _folder.Write("file", "content");
        FileFingerprint print = Compute(path, null);
        DateTime written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, "CONTENT");
        File.SetLastWriteTimeUtc(path, written);
        Assert.NotEqual(print.Sha256, Compute(path, print).Sha256);
        File.Delete(path);
        Assert.Throws<FileNotFoundException>(() => Compute(path, print));
    }

    [Fact]
    public void A_file_that_has_just_changed_has_no_stamp_since_it_could_change_again_unnoticed() =>
        Assert.Null(FileFingerprint.Compute(_folder.Write("new", "content")).Stamp);

    private static FileFingerprint Compute(string path, FileFingerprint? known) =>
        FileFingerprint.Compute(path, known, reuseFrom: 1, settled: TimeSpan.Zero);
}
