using System.Globalization;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>A verifier in a composite.</summary>
/// <param name="Verifier">Its name.</param>
/// <param name="Weight">The weight of its reward, above 0.</param>
public sealed record CompositePart(string Verifier, double Weight)
{
    /// <summary>Parses a part such as "math 0.9".</summary>
    /// <returns>Null if the text is not a name and a weight above 0.</returns>
    public static CompositePart? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var name, var number]
            && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double weight)
            && weight > 0
            && double.IsFinite(weight)
            ? new(name, weight)
            : null;
    }
}
