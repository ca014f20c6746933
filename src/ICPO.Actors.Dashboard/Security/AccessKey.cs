using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Dashboard.Security;

/// <summary>
/// The key that requests must have: in the address that is opened first, which sets a cookie and redirects to one without the key, or as
/// a bearer token.
/// </summary>
/// <param name="key">The key.</param>
internal sealed class AccessKey(string key)
{
    private const string Name = "key";
    private const string Bearer = "Bearer ";
    private const int Bytes = 24;

    /// <summary>The cookie's name has the port: cookies of one host are common to all its ports.</summary>
    private static string Cookie(HttpRequest request) => $"icpo-key-{request.Host.Port ?? 80}";

    /// <summary>A new random key.</summary>
    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a request may be answered; false if this method has answered it.</summary>
    public bool Admit(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Query.TryGetValue(Name, out Microsoft.Extensions.Primitives.StringValues given) && Matches(given.ToString()))
        {
            context.Response.Cookies.Append(
                Cookie(request),
                key,
                new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    IsEssential = true,
                    Path = "/",
                    Secure = request.IsHttps,
                }
            );
            context.Response.Redirect("/");
            return false;
        }

        string authorization = request.Headers.Authorization.ToString();
        return Matches(request.Cookies[Cookie(request)])
            || (authorization.StartsWith(Bearer, StringComparison.Ordinal) && Matches(authorization[Bearer.Length..]));
    }

    private bool Matches(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
}
