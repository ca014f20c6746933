using ICPO.Actors.Cluster.Files;

namespace ICPO.Actors.Cluster.Tests.Files;

public sealed class FileDownloadTests : IDisposable
{
    private static readonly Uri Source = new("http://core/weights/1/2");
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_copy_is_the_file_however_often_the_connection_breaks() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[1, 64], Gen.Int[0, 200].Array[0, 4])
            .Sample(
                (content, chunk, breaks) =>
                {
                    string path = _folder.In($"{Guid.NewGuid():N}");
                    using var server = new FileServer(content, chunk);
                    foreach (int bytes in breaks)
                    {
                        server.BreaksAfter.Enqueue(bytes);
                    }

                    Copy(server, path).GetAwaiter().GetResult();
                    Assert.Equal(content, File.ReadAllBytes(path));
                    Assert.False(File.Exists(path + ".part"));
                },
                iter: 30,
                threads: 1
            );

    [Theory]
    [InlineData(2, true)]
    [InlineData(100, false)]
    public async Task An_error_of_the_socket_is_a_failed_attempt(int attempts, bool succeeds)
    {
        using var server = new FileServer(new byte[30], 10) { Unconnected = attempts };
        Exception? error = await Record.ExceptionAsync(() => Copy(server, _folder.In("weights")));
        Assert.Equal(succeeds, error is null);
        Assert.True(succeeds || error is IOException, $"{error}");
    }

    [Fact]
    public async Task What_an_earlier_attempt_has_left_is_continued_from_the_last_right_chunk()
    {
        byte[] content = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        string path = _folder.In("weights");
        byte[] left = content[..47];
        left[35] ^= 1;
        await File.WriteAllBytesAsync(path + ".part", left, TestContext.Current.CancellationToken);
        using var server = new FileServer(content, 10);
        await Copy(server, path);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(70, server.Sent);
    }

    [Fact]
    public async Task A_chunk_that_is_not_what_was_announced_is_refused_and_nothing_is_kept_of_it()
    {
        byte[] content = new byte[30];
        string path = _folder.In("weights");
        using var server = new FileServer(content, 10);
        server.Announced = server.Chunks with { Hashes = [server.Chunks.Hashes[0], new string('0', 64), server.Chunks.Hashes[2]] };
        IOException error = await Assert.ThrowsAsync<IOException>(() => Copy(server, path));
        Assert.Contains(Source.ToString(), error.Message);
        Assert.False(File.Exists(path));
        Assert.Equal(10, new FileInfo(path + ".part").Length);
    }

    [Theory]
    [InlineData(-1, 10, 3)]
    [InlineData(30, 0, 3)]
    [InlineData(30, 10, 2)]
    [InlineData(30, int.MaxValue, 1)]
    [InlineData(long.MaxValue, 10, 3)]
    public async Task Chunks_that_do_not_fit_the_length_are_refused(long length, int chunk, int hashes)
    {
        using var server = new FileServer(new byte[30], 10)
        {
            Announced = new ChunkList(length, chunk, [.. Enumerable.Repeat(new string('0', 64), hashes)]),
        };
        await Assert.ThrowsAsync<IOException>(() => Copy(server, _folder.In("weights")));
    }

    [Fact]
    public async Task A_file_that_the_core_does_not_have_is_named_and_not_asked_for_again()
    {
        using var server = new FileServer([], 10) { IsGone = true };
        FileNotFoundException error = await Assert.ThrowsAsync<FileNotFoundException>(() => Copy(server, _folder.In("weights")));
        Assert.Contains(Source.ToString(), error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task Copy(FileServer server, string path)
    {
        using var client = new HttpClient(server, disposeHandler: false);
        await new FileDownload(client) { Pause = TimeSpan.Zero }.CopyAsync(Source, path, CancellationToken.None);
    }
}
