using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using EndToEnd.Tests.Faults;
using ICPO.Actors.Cluster.Client;

namespace EndToEnd.Tests.Clusters.Strangers;

/// <summary>
/// Bytes of strangers at the ports of a running core: no node joins, nothing of the run changes, memory and log stay bounded, and the run
/// goes on. <c>ICPO_STRANGER_FRAMES</c> is how many frames are sent; a few hundred unless it is set.
/// </summary>
public sealed class StrangerTests
{
    private const int FramesPerConnection = 8;
    private const int DefaultFrames = 400;
    private const long MaxGrowth = 256L << 20;

    /// <summary>Without TLS Akka.Remote keeps something for every address that a stranger claims to have.</summary>
    private const long GrowthPerFrame = 16L << 10;
    private const long MaxLog = 1L << 20;

    private static int Frames =>
        int.TryParse(Environment.GetEnvironmentVariable("ICPO_STRANGER_FRAMES"), CultureInfo.InvariantCulture, out int frames)
            ? frames
            : DefaultFrames;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_of_strangers_change_nothing(bool secure)
    {
        LongTests.Require();
        using var folder = new TemporaryFolder();
        string[] tls = secure ? TestAuthority.Write(folder.Folder("own")) : [];
        TestAuthority.Write(folder.Folder("foreign"));
        using X509Certificate2 foreign = Certificate(folder.In("foreign"));
        await using var cluster = new ClusterProcesses(new SmallRun(Staleness: 4, Updates: 6)) { Common = tls };
        LineProcess learner = await cluster.StartLearnerAsync("--set", "admission.stall-timeout=2h");
        await learner.WaitForAsync(" training ");
        var address = ClusterAddress.Read(cluster.Directory);
        int port = int.Parse(address.Seed.Split(':')[1], CultureInfo.InvariantCulture);
        string before = await StatusAsync(cluster, tls);
        long memory = Resident(learner.Id);

        await SendAsync(new StrangerBytes(port, secure), new Stranger(port), secure ? foreign : null);
        await RequestAsync(new Stranger(address.Files.Port), secure);

        Assert.Equal(before, await StatusAsync(cluster, tls));
        long growth = Resident(learner.Id) - memory;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Frames} frames: memory has grown by {growth >> 20} MiB");
        Assert.InRange(growth, long.MinValue, MaxGrowth + (secure ? 0 : Frames * GrowthPerFrame));
        Assert.InRange(new FileInfo(Path.Combine(cluster.Directory, "run.log")).Length, 0, MaxLog);
        cluster.StartNode("a");
        Assert.Equal(0, await learner.ExitAsync());
        KilledRuns.ExpectWhole(cluster.Directory, cluster.Run);
    }

    private static Task SendAsync(StrangerBytes bytes, Stranger stranger, X509Certificate2? foreign) =>
        Parallel.ForAsync(0, (Frames + FramesPerConnection - 1) / FramesPerConnection, async (number, _) =>
        {
            byte[] frames = bytes.Frames((ulong)number, FramesPerConnection);
            await (foreign is not null && number % 4 == 0 ? stranger.SendSecurelyAsync(frames, foreign) : stranger.SendAsync(frames));
        });

    private static Task RequestAsync(Stranger stranger, bool secure) =>
        Parallel.ForAsync(0, Math.Max(1, Frames / FramesPerConnection), async (number, _) =>
        {
            string answer = await stranger.AskAsync(StrangerBytes.Request((ulong)number));
            Assert.DoesNotContain("icpo {", answer);
            Assert.DoesNotContain("root:", answer);
            if (secure)
            {
                Assert.DoesNotContain("HTTP/1.1 2", answer);
            }
        });

    /// <summary>The state as the core reports it, without rates.</summary>
    private static async Task<string> StatusAsync(ClusterProcesses cluster, string[] tls)
    {
        ProcessEnd end = await IcpoProcess.RunAsync(["cluster", "status", cluster.Directory, "--json", .. tls]);
        Assert.True(end.ExitCode == 0, end.ToString());
        return end.Output;
    }

    private static long Resident(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    private static X509Certificate2 Certificate(string folder)
    {
        using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
    }
}
