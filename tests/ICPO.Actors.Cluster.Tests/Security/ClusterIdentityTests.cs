using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ICPO.Actors.Cluster.Security;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Tests.Security;

public sealed class ClusterIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    [Fact]
    public void Only_certificates_that_the_authority_has_signed_and_that_are_valid_belong_to_the_cluster()
    {
        using X509Certificate2 own = Authority("own");
        using X509Certificate2 foreign = Authority("foreign");
        TlsSettings tls = Write(own, Issue(own, _now.AddDays(1)));
        using var identity = ClusterIdentity.Open(tls);
        using X509Certificate2 peer = Issue(own, _now.AddDays(1));
        using X509Certificate2 expired = Issue(own, _now.AddHours(-1));
        using X509Certificate2 stranger = Issue(foreign, _now.AddDays(1));
        Assert.True(identity!.IsMember(peer));
        Assert.False(identity.IsMember(expired));
        Assert.False(identity.IsMember(stranger));
        Assert.False(identity.IsMember(null));
    }

    [Fact]
    public void A_certificate_of_another_authority_and_a_file_that_is_none_are_refused_by_name()
    {
        using X509Certificate2 own = Authority("own");
        using X509Certificate2 foreign = Authority("foreign");
        TlsSettings wrong = Write(own, Issue(foreign, _now.AddDays(1)));
        Assert.Contains(wrong.Certificate, Assert.Throws<ConfigurationException>(() => ClusterIdentity.Open(wrong)).Message);
        TlsSettings damaged = Write(own, Issue(own, _now.AddDays(1)));
        File.WriteAllText(damaged.Key, "no key");
        Assert.Contains(damaged.Certificate, Assert.Throws<ConfigurationException>(() => ClusterIdentity.Open(damaged)).Message);
        File.Delete(damaged.Authority);
        Assert.Contains(damaged.Authority, Assert.Throws<ConfigurationException>(() => ClusterIdentity.Open(damaged)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(_now.AddDays(-2), _now.AddDays(2));
    }

    private X509Certificate2 Issue(X509Certificate2 authority, DateTimeOffset until)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 issued = request.Create(authority, _now.AddDays(-1), until, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private TlsSettings Write(X509Certificate2 authority, X509Certificate2 certificate)
    {
        var tls = new TlsSettings(_folder.In("node.pem"), _folder.In("node.key"), _folder.In("authority.pem"));
        File.WriteAllText(tls.Authority, authority.ExportCertificatePem());
        File.WriteAllText(tls.Certificate, certificate.ExportCertificatePem());
        using RSA key = certificate.GetRSAPrivateKey()!;
        File.WriteAllText(tls.Key, key.ExportPkcs8PrivateKeyPem());
        certificate.Dispose();
        return tls;
    }
}
