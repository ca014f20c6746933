using System.Globalization;

namespace ICPO.Actors.Tasks.Mixtures;

/// <summary>A data set of a mixture.</summary>
/// <param name="Path">A data file or directory, as <c>task.jsonl.path</c>.</param>
/// <param name="Weight">Its share of the training questions, relative to the other parts; above 0.</param>
public sealed record MixturePart(string Path, double Weight)
{
    private const NumberStyles Weights = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The name of the part: that of its file without extensions.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path)).Split('.')[0];

    /// <summary>Parses a part such as "math/train.jsonl 0.7"; the path may contain spaces.</summary>
    /// <returns>Null if the text is not a path and a weight above 0.</returns>
    public static MixturePart? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        int space = trimmed.LastIndexOf(' ');
        return
            space > 0
            && double.TryParse(trimmed.AsSpan(space + 1), Weights, CultureInfo.InvariantCulture, out double weight)
            && weight > 0
            && double.IsFinite(weight)
            ? new(trimmed[..space].TrimEnd(), weight)
            : null;
    }

    /// <summary>The part as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path} {Weight}");
}
