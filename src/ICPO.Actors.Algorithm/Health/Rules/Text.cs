using System.Globalization;

namespace ICPO.Actors.Algorithm.Health.Rules;

/// <summary>Formats the figures of rules.</summary>
internal static class Text
{
    public static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
