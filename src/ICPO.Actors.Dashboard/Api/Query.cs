using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Dashboard.Api;

/// <summary>A request's parameter is invalid; the message names it.</summary>
internal sealed class QueryException(string message) : Exception(message);

/// <summary>Parameters of a request.</summary>
internal static class Query
{
    private const int MaxTextLength = 500;

    /// <summary>A parameter's text; null if it is absent or empty.</summary>
    /// <exception cref="QueryException">It is too long.</exception>
    public static string? Text(this HttpRequest request, string name)
    {
        string text = request.Query[name].ToString();
        if (text.Length > MaxTextLength)
        {
            throw new QueryException($"{name}: at most {MaxTextLength} characters.");
        }

        return text.Length == 0 ? null : text;
    }

    /// <exception cref="QueryException">It is not a whole number from 0.</exception>
    public static long? Number(this HttpRequest request, string name) =>
        request.Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new QueryException($"{name}: '{text}' is not a whole number from 0.");

    /// <exception cref="QueryException">It is not a whole number in the range.</exception>
    public static int Number(this HttpRequest request, string name, int defaultValue, int max)
    {
        long number = request.Number(name) ?? defaultValue;
        return number <= max ? (int)number : throw new QueryException($"{name}: at most {max}.");
    }

    /// <exception cref="QueryException">It is not the name of a member.</exception>
    public static T? Member<T>(this HttpRequest request, string name)
        where T : struct, Enum
    {
        if (request.Text(name) is not { } text)
        {
            return null;
        }

        return !char.IsAsciiDigit(text[0]) && Enum.TryParse(text, ignoreCase: true, out T member) && Enum.IsDefined(member)
            ? member
            : throw new QueryException(
                $"{name}: '{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(known => known.ToLowerInvariant()))}."
            );
    }
}
