using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ICPO.Actors.Tasks.Http;

/// <summary>The address of a service, its secret from the environment, and the authorities that are trusted for it.</summary>
/// <param name="Section">The configuration section in errors, such as <c>verification.http</c>.</param>
/// <param name="Url">The address, under the key <c>url</c>.</param>
/// <param name="SecretVariable">The environment variable of the bearer token, under the key <c>secret-variable</c>; empty for none.</param>
/// <param name="Authority">A PEM file, under the key <c>authority</c>; empty for the system's authorities.</param>
internal sealed record HttpEndpoint(string Section, string Url, string SecretVariable, string Authority)
{
    /// <summary>The address.</summary>
    /// <exception cref="ArgumentException">It is not an absolute http or https address, or contains a password.</exception>
    public Uri Address()
    {
        if (
            !Uri.TryCreate(Url, UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.Host.Length == 0
        )
        {
            throw Invalid($"{Section}.url = {Url} is not an address; set it to one such as https://rewards.example.com/judge.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw Invalid($"{Section}.url contains a user or password; name an environment variable in {Section}.secret-variable instead.");
        }

        return SecretVariable.Length == 0 || uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback
            ? uri
            : throw Invalid(
                $"{Section}.url = {Url} would send the secret of {SecretVariable} unencrypted; use https, or leave "
                    + $"{Section}.secret-variable empty."
            );
    }

    /// <summary>The secret; null if none is configured.</summary>
    /// <exception cref="ArgumentException">The variable is not set, or its value cannot be sent.</exception>
    public string? Secret()
    {
        if (SecretVariable.Length == 0)
        {
            return null;
        }

        string secret = Environment.GetEnvironmentVariable(SecretVariable)?.Trim() ?? "";
        return secret.Length > 0 && secret.All(c => c is > ' ' and < '\u007f')
            ? secret
            : throw Invalid(
                $"The environment variable {SecretVariable} ({Section}.secret-variable) is "
                    + (secret.Length == 0 ? "not set" : "not a token")
                    + "; set it to the bearer token of the service."
            );
    }

    /// <summary>A client without redirects, which would send the secret elsewhere, and without a timeout of its own.</summary>
    /// <exception cref="ArgumentException">The authority cannot be read, or the secret is missing.</exception>
    public HttpClient CreateClient(long maxBytes)
    {
        (string? secret, X509Certificate2Collection? authorities) = (Secret(), Authorities());
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (authorities is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = maxBytes };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("icpo", null));
        if (secret is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return client;
    }

    private X509Certificate2Collection? Authorities()
    {
        if (Authority.Length == 0)
        {
            return null;
        }

        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPemFile(Authority);
            return found.Count > 0 ? found : throw new CryptographicException("it contains no certificate");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Invalid($"{Section}.authority = {Authority} cannot be read: {e.Message.TrimEnd('.')}; set it to a PEM file.");
        }
    }

    private static ArgumentException Invalid(string message) => new(message);
}
