using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ICPO.Actors.Configuration.Hocon;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads typed values by key. An invalid value is recorded as a problem, and reading continues with a valid substitute.</summary>
internal sealed class SettingsReader(IReadOnlyDictionary<string, ConfigurationValue> values, ImmutableArray<string>.Builder problems)
{
    /// <summary>The longest duration: timers and process waits allow at most 2^31 - 1 ms, which is 24.8 days.</summary>
    public const int MaxHours = 24 * 24;

    /// <summary>The bound of a count that has no other.</summary>
    private const int MaxCount = 1_000_000_000;

    private const int MaxShownValue = 200;

    private readonly HashSet<string> _read = [];

    /// <summary>Every key that was read.</summary>
    public IReadOnlySet<string> KeysRead => _read;

    /// <summary>True after a value was invalid.</summary>
    public bool HasInvalidValues { get; private set; }

    public string Text(string key) => Raw(key).Text;

    public ImmutableArray<string> List(string key)
    {
        ConfigurationValue value = Raw(key);
        return value.Items ?? (value.Text.Length == 0 ? [] : [value.Text]);
    }

    public bool Flag(string key) =>
        Raw(key).Text switch
        {
            "true" or "on" or "yes" => true,
            "false" or "off" or "no" => false,
            _ => Invalid(key, "true or false", false),
        };

    public int Int(string key, int min, int max = MaxCount) =>
        int.TryParse(Raw(key).Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        && number >= min
        && number <= max
            ? number
            : Invalid(key, $"a whole number from {min} to {max}", min);

    public int? IntOrOff(string key, int min, int max) =>
        IsOff(key) ? null
        : int.TryParse(Raw(key).Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        && number >= min
        && number <= max
            ? number
        : Invalid(key, $"a whole number from {min} to {max}, or off", min);

    public ulong Seed(string key) =>
        ulong.TryParse(Raw(key).Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : Invalid(key, "a whole number from 0 to 2^64 - 1", 0UL);

    /// <param name="above">True if <paramref name="min"/> itself is not allowed.</param>
    public double Number(string key, double min, double max = double.PositiveInfinity, bool above = false) =>
        TryNumber(key, min, max, above) ?? Invalid(key, NumberRange(min, max, above), min);

    public double? NumberOrOff(string key, double min, double max = double.PositiveInfinity, bool above = false) =>
        IsOff(key) ? null : TryNumber(key, min, max, above) ?? Invalid(key, NumberRange(min, max, above) + ", or off", min);

    /// <summary>A duration such as <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="maxHours">The longest that what waits for it can wait.</param>
    /// <param name="allowZero">True if it may be 0.</param>
    public TimeSpan Duration(string key, int maxHours = MaxHours, bool allowZero = false)
    {
        string text = Raw(key).Text;
        int unitAt = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        double? factor =
            unitAt <= 0
                ? null
                : text[unitAt..].Trim() switch
                {
                    "ms" => 1e-3,
                    "s" => 1,
                    "m" => 60,
                    "h" => 3600,
                    _ => null,
                };
        return
            factor is { } seconds
            && int.TryParse(text[..unitAt], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && (number > 0 || (allowZero && number == 0))
            && number * seconds <= maxHours * 3600.0
            ? TimeSpan.FromSeconds(number * seconds)
            : Invalid(
                key,
                $"a duration {(allowZero ? "of at least zero" : "above zero")} and of at most {maxHours}h with its unit, such as "
                    + "500ms, 30s, 2m or 1h",
                TimeSpan.FromSeconds(1)
            );
    }

    /// <summary>A member of <typeparamref name="T"/> by its kebab-case name.</summary>
    /// <param name="auto">An additional name, if any, for <paramref name="meaning"/>.</param>
    public T Choice<T>(string key, string? auto = null, T meaning = default)
        where T : struct, Enum
    {
        string text = Raw(key).Text;
        if (text == auto)
        {
            return meaning;
        }

        IEnumerable<string> allowed = Names<T>.Members.Keys;
        return Names<T>.Members.TryGetValue(text, out T member)
            ? member
            : Invalid(key, "one of " + string.Join(", ", auto is null ? allowed : allowed.Prepend(auto)), meaning);
    }

    /// <summary>A non-empty list of distinct members of <typeparamref name="T"/>.</summary>
    public ImmutableArray<T> Choices<T>(string key)
        where T : struct, Enum
    {
        OrderedDictionary<string, T> members = Names<T>.Members;
        ImmutableArray<string> texts = List(key);
        return texts.Length > 0 && texts.Distinct().Count() == texts.Length && texts.All(members.ContainsKey)
            ? [.. texts.Select(t => members[t])]
            : Invalid<ImmutableArray<T>>(
                key,
                $"a list of at least one of {string.Join(", ", members.Keys)}, each once",
                [.. members.Values]
            );
    }

    public string Choice(string key, params ImmutableArray<string> allowed)
    {
        string text = Raw(key).Text;
        return allowed.Contains(text) ? text : Invalid(key, "one of " + string.Join(", ", allowed), allowed[0]);
    }

    /// <summary>Records a problem if keys contradict each other.</summary>
    public void Require(bool holds, string problem)
    {
        if (!holds)
        {
            problems.Add(problem);
        }
    }

    /// <summary>The members of an enumeration by their kebab-case names, in their order.</summary>
    private static class Names<T>
        where T : struct, Enum
    {
        public static OrderedDictionary<string, T> Members { get; } =
            new(Enum.GetValues<T>().Select(m => KeyValuePair.Create(JsonNamingPolicy.KebabCaseLower.ConvertName(m.ToString()), m)));
    }

    private bool IsOff(string key) => Raw(key).Text == "off";

    private ConfigurationValue Raw(string key)
    {
        _read.Add("icpo." + key);
        return values["icpo." + key];
    }

    private T Invalid<T>(string key, string allowed, T substitute)
    {
        ConfigurationValue value = Raw(key);
        HasInvalidValues = true;
        string written = HoconWriter.Value(value);
        written = written.Length <= MaxShownValue ? written : $"{written[..MaxShownValue]}…";
        problems.Add($"{value.Source}: {value.Key} = {written} is not allowed; it must be {allowed}.");
        return substitute;
    }

    private double? TryNumber(string key, double min, double max, bool above) =>
        double.TryParse(Raw(key).Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
        && number <= max
        && (above ? number > min : number >= min)
            ? number
            : null;

    private static string NumberRange(double min, double max, bool above) =>
        (above, double.IsFinite(max), min <= double.MinValue) switch
        {
            (_, _, true) => "a number",
            (true, true, _) => $"a number above {min}, to {max}",
            (true, false, _) => $"a number above {min}",
            (false, true, _) => $"a number from {min} to {max}",
            (false, false, _) => $"a number from {min} up",
        };
}
