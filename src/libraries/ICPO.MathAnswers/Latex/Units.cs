using System.Collections.Frozen;
using System.Globalization;
using ICPO.MathAnswers.Numbers;

namespace ICPO.MathAnswers.Latex;

/// <summary>
/// Units after a number. A unit on one side only is ignored. If both sides have a known unit, they are converted if they measure the same
/// quantity (5 cm is not 5 m, and 100 cm is 1 m), and differ if they measure different quantities (5 cm is not 5 kg).
/// </summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, (string Measure, Fraction Size)> Known = Table(
        "length 1 m meter meters metre metres;length 0.01 cm centimeter centimeters centimetre centimetres;length 0.001 mm "
            + "millimeter millimeters;length 1000 km kilometer kilometers kilometre kilometres;"
            + "length 0.0254 in inch inches;length 0.3048 ft foot feet;length 0.9144 yd yard yards;length 1609.344 mi mile miles;"
            + "mass 1 g gram grams gm;mass 1000 kg kilogram kilograms kgs;mass 0.001 mg milligram milligrams;mass 453.59237 lb "
            + "lbs pound pounds;mass 28.349523125 oz ounce ounces;"
            + "time 1 s sec secs second seconds;time 60 min mins minute minutes;time 3600 h hr hrs hour hours;time 86400 day "
            + "days;time 604800 week weeks;money 1 dollar dollars;money 0.01 cent cents;"
            + "length^3 0.001 l liter liters litre litres;length^3 0.000001 ml milliliter milliliters;length/time 0.44704 mph;"
            + "length/time 5/18 kmh kph;frequency 1 hz hertz;power 1 w watt watts;"
            + "energy 1 j joule joules;force 1 n newton newtons;voltage 1 v volt volts;data 1 bytes byte;data 0.125 bits bit;"
            + "count 1 units unit students people apples books coins cookies edges ways times items"
    );

    /// <summary>Symbols with their prefixes (1: none). Case-sensitive: mW is not MW.</summary>
    private static readonly FrozenDictionary<string, (string Measure, Fraction Size)> Symbols = Prefixed(
        "pressure 1 Pa 1mkMG;energy 1.602176634e-19 eV 1mkMGT;energy 1 J mkMG;frequency 1 Hz 1mkMGT;amount 1 mol 1mk;"
            + "temperature 1 K 1m;power 1 W mkMG;voltage 1 V mk;force 1 N mk;current 1 A mk;time 1 s mn;length 1 m n"
    );

    public static bool IsKnown(string word) => Known.ContainsKey(word.ToLowerInvariant());

    public static bool IsSymbol(string word) => Symbols.ContainsKey(word);

    /// <summary>"4 at most" and "4 maximum" bound a value, "4 more than" and "4 not" name another one: these words are no unit.</summary>
    public static bool AreBound(string words) =>
        words
            .ToLowerInvariant()
            .Split(' ')
            .Any(w =>
                w
                    is "least"
                        or "most"
                        or "minimum"
                        or "maximum"
                        or "max"
                        or "than"
                        or "not"
                        or "or"
                        or "nor"
                        or "if"
                        or "unless"
                        or "plus"
                        or "as"
                || w.AsSpan().ContainsAny('以', '至', '最')
                || w.StartsWith('的')
                || w.Contains("之间", StringComparison.Ordinal)
                || w.Contains("位数", StringComparison.Ordinal)
            );

    /// <summary>
    /// The factor that converts the left unit to the right one, itself null for units of different measures; null if the units are unknown
    /// or not comparable.
    /// </summary>
    public static (bool Same, Fraction? Ratio)? Ratio(string left, string right)
    {
        (string Measure, Fraction Size)? a = Find(left),
            b = Find(right);
        if (a is not { } x || b is not { } y)
        {
            return null;
        }

        if (x.Measure == y.Measure)
        {
            return (x.Size == y.Size, Fraction.Divide(x.Size, y.Size));
        }

        if (x.Measure == "count" || y.Measure == "count")
        {
            return null;
        }

        return (false, null);
    }

    private static (string Measure, Fraction Size)? Find(string unit)
    {
        string name = unit.Trim().TrimEnd('.').Replace(" per ", "/", StringComparison.Ordinal);
        if (name.LastIndexOf('/') is > 0 and var slash)
        {
            return
                Find(name[..slash]) is { } top
                && Find(name[(slash + 1)..]) is { } bottom
                && Fraction.Divide(top.Size, bottom.Size) is { } size
                ? ($"{top.Measure}/{bottom.Measure}", size)
                : null;
        }

        if (Symbols.TryGetValue(name, out (string, Fraction) symbol))
        {
            return symbol;
        }

        name = name.ToLowerInvariant();
        int power = Power(name);
        if (power != 1)
        {
            name = name.EndsWith('2') || name.EndsWith('3') ? name[..^2] : name[(name.IndexOf(' ') + 1)..];
        }

        if (!Known.TryGetValue(name, out (string Measure, Fraction Size) found))
        {
            return null;
        }

        if (power == 1)
        {
            return found;
        }

        if (found.Measure is "length" or "time" && Fraction.Power(found.Size, power) is { } area)
        {
            return ($"{found.Measure}^{power}", area);
        }

        return null;
    }

    private static int Power(string name)
    {
        if (
            name.EndsWith("^2", StringComparison.Ordinal)
            || name.StartsWith("square ", StringComparison.Ordinal)
            || name.StartsWith("sq ", StringComparison.Ordinal)
        )
        {
            return 2;
        }

        return name.EndsWith("^3", StringComparison.Ordinal) || name.StartsWith("cubic ", StringComparison.Ordinal) ? 3 : 1;
    }

    private static FrozenDictionary<string, (string Measure, Fraction Size)> Prefixed(string text) =>
        (
            from row in text.Split(';')
            let cells = row.Split(' ')
            from prefix in cells[3]
            select KeyValuePair.Create(prefix == '1' ? cells[2] : prefix + cells[2], (cells[0], Size(cells[1], Exponent(prefix))))
        ).ToFrozenDictionary(p => p.Key, p => p.Value);

    /// <summary>A decimal with an exponent, or a fraction, times a power of ten.</summary>
    private static Fraction Size(string text, int power)
    {
        string[] parts = text.Split('/');
        string[] number = parts[0].Split('e');
        power += number.Length > 1 ? int.Parse(number[1], CultureInfo.InvariantCulture) : 0;
        Fraction value = Fraction.ParseDecimal(number[0])!.Value,
            divisor = parts.Length > 1 ? Fraction.ParseDecimal(parts[1])!.Value : Fraction.One,
            scale = power == 0 ? Fraction.One : Fraction.Power(Fraction.Of(10), power)!.Value;
        return Fraction.Divide(Fraction.Multiply(value, scale)!.Value, divisor)!.Value;
    }

    private static int Exponent(char prefix) =>
        prefix switch
        {
            'n' => -9,
            'm' => -3,
            'k' => 3,
            'M' => 6,
            'G' => 9,
            'T' => 12,
            _ => 0,
        };

    private static FrozenDictionary<string, (string Measure, Fraction Size)> Table(string text) =>
        (
            from row in text.Split(';')
            let cells = row.Split(' ')
            from name in cells.Skip(2)
            select KeyValuePair.Create(name, (cells[0], Size(cells[1], 0)))
        ).ToFrozenDictionary(p => p.Key, p => p.Value);
}
