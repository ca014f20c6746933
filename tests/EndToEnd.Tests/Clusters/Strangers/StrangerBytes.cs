using System.Globalization;
using System.Text;
using ICPO.Actors.Contracts.Identity;

namespace EndToEnd.Tests.Clusters.Strangers;

/// <summary>What strangers send: valid frames and requests, changed at random, and random bytes. Number N is the same everywhere.</summary>
/// <param name="port">Of the core's actor messages.</param>
/// <param name="secure">Whether the cluster has TLS.</param>
internal sealed class StrangerBytes(int port, bool secure)
{
    private const int MaxRandomBytes = 4096;
    private const int LargeBytes = 1 << 16;

    /// <summary>Offers to join are left out: without TLS whoever reaches the port may join.</summary>
    private static readonly string[] Joining = ["join-run.1", "describe-run.1"];

    private static readonly (string Manifest, byte[] Bytes)[] Messages =
    [
        .. Directory
            .GetFiles(Repository.In("tests", "ICPO.Actors.Wire.Tests", "Golden"), "*.golden")
            .Order(StringComparer.Ordinal)
            .Select(path => (Manifest: Path.GetFileNameWithoutExtension(path).Split('@')[0], Hex: File.ReadAllText(path)))
            .Where(message => !Joining.Contains(message.Manifest))
            .Select(message => (message.Manifest, Convert.FromHexString(string.Concat(message.Hex.Where(char.IsAsciiHexDigit))))),
    ];

    private static readonly string[] Paths =
    [
        "/weights/0/0",
        "/weights/-1/1",
        "/weights/99999999999999999999/1",
        "/model/..%2f..%2feffective.conf",
        "/model/../effective.conf",
        "/model/%2e%2e/%2e%2e/effective.conf",
        "/model/..%5c..%5ceffective.conf",
        "/model//etc/passwd",
        "/model/%00",
        "/adapter/..%2fadapter_model.safetensors",
        "/model/config.json?chunks&chunks=../..",
        "/nodes/..%2f..%2fx/drain",
        "/",
    ];

    private static readonly string[] Headers =
    [
        "Range: bytes=-1",
        "Range: bytes=99999999999999999999-",
        "Range: bytes=5-1",
        "Range: bytes=0-0,2-3,-1,9999999999-",
        "Range: lines=1-2",
        "If-Range: \"\"",
        "Transfer-Encoding: chunked",
        "Content-Length: 99999999999",
        "Content-Length: -1",
        "Host: ",
        "Connection: Upgrade\r\nUpgrade: h2c",
        "X: " + new string('x', LargeBytes),
    ];

    /// <summary>The frames of one connection to the port of actor messages.</summary>
    public byte[] Frames(ulong number, int count)
    {
        var random = new RandomStream(Seed.Derive(number, "frames"));
        List<byte> sent = random.NextInt(4) == 0 ? [] : [.. Hello(ref random)];
        for (int i = 0; i < count; i++)
        {
            byte[] frame = Frame(ref random);
            sent.AddRange(random.NextInt(2) == 0 ? frame : Mutate(frame, ref random));
        }

        return [.. sent];
    }

    /// <summary>A request to the port of files.</summary>
    public static byte[] Request(ulong number)
    {
        var random = new RandomStream(Seed.Derive(number, "requests"));
        string method = random.NextInt(8) == 0 ? "PUT" : "GET";
        string path = Paths[random.NextInt(Paths.Length)];
        string header = Headers[random.NextInt(Headers.Length)];
        byte[] request = Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: core\r\n{header}\r\nConnection: close\r\n\r\n");
        return random.NextInt(2) == 0 ? request : Mutate(request, ref random);
    }

    private byte[] Frame(ref RandomStream random)
    {
        if (random.NextInt(4) == 0)
        {
            byte[] noise = new byte[1 + random.NextInt(MaxRandomBytes)];
            Fill(noise, ref random);
            return noise;
        }

        (string manifest, byte[] bytes) = Messages[random.NextInt(Messages.Length)];
        string scheme = secure ? "akka.ssl.tcp" : "akka.tcp";
        string core = string.Create(CultureInfo.InvariantCulture, $"{scheme}://icpo@127.0.0.1:{port}/user/");
        string recipient = core + (random.NextInt(4) == 0 ? "nobody" : "icpo-core");
        return RemotingFrames.Envelope(recipient, manifest, random.NextInt(2) == 0 ? bytes : Mutate(bytes, ref random));
    }

    private byte[] Hello(ref RandomStream random)
    {
        byte[] hello = RemotingFrames.Hello(secure ? "ssl.tcp" : "tcp", 1 + random.NextInt(65535), (ulong)random.NextInt(int.MaxValue));
        return random.NextInt(2) == 0 ? hello : Mutate(hello, ref random);
    }

    private static byte[] Mutate(byte[] bytes, ref RandomStream random)
    {
        List<byte> changed = [.. bytes];
        for (int left = 1 + random.NextInt(4); left > 0 && changed.Count > 0; left--)
        {
            int at = random.NextInt(changed.Count);
            switch (random.NextInt(4))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    changed.RemoveRange(at, Math.Min(1 + random.NextInt(16), changed.Count - at));
                    break;
                case 2:
                    changed.InsertRange(at, changed.GetRange(0, Math.Min(changed.Count, 1 + random.NextInt(64))));
                    break;
                default:
                    changed[at] = random.NextInt(2) == 0 ? (byte)255 : (byte)0;
                    break;
            }
        }

        return [.. changed];
    }

    private static void Fill(byte[] bytes, ref RandomStream random)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.NextInt(256);
        }
    }
}
