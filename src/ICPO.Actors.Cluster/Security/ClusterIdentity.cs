using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Settings;

namespace ICPO.Actors.Cluster.Security;

/// <summary>
/// The certificate of a node and the authority of its cluster: both sides of every connection present a certificate that the authority has
/// signed.
/// </summary>
public sealed class ClusterIdentity : IDisposable
{
    private readonly X509Certificate2 _authority;

    private ClusterIdentity(X509Certificate2 certificate, X509Certificate2 authority) =>
        (Certificate, _authority) = (certificate, authority);

    /// <summary>This node's certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Creates the identity; null if the cluster uses plain text.</summary>
    /// <exception cref="ConfigurationException">
    /// A file cannot be read, or the authority has not signed the certificate; names it.
    /// </exception>
    public static ClusterIdentity? Open(TlsSettings? tls)
    {
        if (tls is null)
        {
            return null;
        }

        X509Certificate2 authority = Read("authority", tls.Authority, () =>
            X509Certificate2.CreateFromPem(File.ReadAllText(tls.Authority))
        );
        X509Certificate2 certificate = Read("certificate", tls.Certificate, () => Load(tls));
        var identity = new ClusterIdentity(certificate, authority);
        return identity.IsMember(certificate)
            ? identity
            : throw new ConfigurationException(
                $"icpo.cluster.tls: {tls.Certificate} is not signed by {tls.Authority}, or is not valid now; use a certificate of this "
                    + "cluster's authority."
            );
    }

    /// <summary>True if the cluster's authority has signed the certificate and it is currently valid.</summary>
    public bool IsMember(X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }

    /// <summary>Mutual TLS of actor messages.</summary>
    public DotNettySslSetup Remoting =>
        new(Certificate, suppressValidation: false, requireMutualAuthentication: true, customValidator: (peer, _, _, _, _) =>
            IsMember(peer)
        );

    /// <summary>Mutual TLS of a client of files.</summary>
    public SslClientAuthenticationOptions Client =>
        new() { ClientCertificates = [Certificate], RemoteCertificateValidationCallback = (_, peer, _, _) => IsMember(peer) };

    public void Dispose()
    {
        Certificate.Dispose();
        _authority.Dispose();
    }

    /// <summary>The key must be in a format that the TLS libraries of every platform accept.</summary>
    private static X509Certificate2 Load(TlsSettings tls)
    {
        using var pem = X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pfx), null);
    }

    private static X509Certificate2 Read(string key, string path, Func<X509Certificate2> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationException($"icpo.cluster.tls.{key}: {path} cannot be used: {error.Message}");
        }
    }
}
