using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EndToEnd.Tests.Clusters;

/// <summary>An authority with one certificate for nodes of this machine.</summary>
internal static class TestAuthority
{
    /// <summary>Writes the files, and returns the options that name them.</summary>
    public static string[] Write(string folder)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using var authorityKey = RSA.Create(2048);
        var authorityRequest = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = authorityRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 node = request.Create(authority, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        (string Key, string Text)[] files =
        [
            ("authority", authority.ExportCertificatePem()),
            ("certificate", node.ExportCertificatePem()),
            ("key", key.ExportPkcs8PrivateKeyPem()),
        ];
        return
        [
            .. files.SelectMany(file =>
            {
                string path = Path.Combine(folder, $"{file.Key}.pem");
                File.WriteAllText(path, file.Text);
                return new[] { "--set", $"cluster.tls.{file.Key}={path}" };
            }),
        ];
    }
}
