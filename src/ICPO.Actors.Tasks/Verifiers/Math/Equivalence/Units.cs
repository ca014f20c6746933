using System.Collections.Frozen;

namespace ICPO.Actors.Tasks;

/// <summary>
/// Units that are written after a number. A unit on one side only is dropped; on both sides it counts where both are known: they
/// measure the same and differ in size (5 cm is not 5 m, and 100 cm is 1 m) or measure different things (5 cm is not 5 kg).
/// </summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, (string Measure, double Size)> Known = Table(
        "length 1 m meter meters metre metres;length 0.01 cm centimeter centimeters centimetre centimetres;length 0.001 mm millimeter millimeters;length 1000 km kilometer kilometers kilometre kilometres;" +
        "length 0.0254 in inch inches;length 0.3048 ft foot feet;length 0.9144 yd yard yards;length 1609.344 mi mile miles;" +
        "mass 1 g gram grams gm;mass 1000 kg kilogram kilograms kgs;mass 0.001 mg milligram milligrams;mass 453.59237 lb lbs pound pounds;mass 28.349523125 oz ounce ounces;" +
        "time 1 s sec secs second seconds;time 60 min mins minute minutes;time 3600 h hr hrs hour hours;time 86400 day days;time 604800 week weeks;money 1 dollar dollars;money 0.01 cent cents;" +
        "volume 1 l liter liters litre litres;volume 0.001 ml milliliter milliliters;speed 1 mph;speed2 1 kmh kph;frequency 1 hz hertz;power 1 w watt watts;energy 1 j joule joules;force 1 n newton newtons;" +
        "electric 1 v volt volts;data 1 bytes byte;data 0.125 bits bit;count 1 units unit students people apples books coins cookies edges ways times items");

    public static bool IsKnown(string word) => Known.ContainsKey(word.ToLowerInvariant());

    /// <summary>What to multiply with to get from the left unit to the right one; null where the two cannot be told apart or compared.</summary>
    public static (bool Same, double Ratio)? Ratio(string left, string right)
    {
        (string Measure, double Size)? a = Find(left), b = Find(right);
        return a is not { } x || b is not { } y ? null
            : x.Measure == y.Measure ? (x.Size == y.Size, x.Size / y.Size)
            : x.Measure == "count" || y.Measure == "count" ? null : (false, double.NaN);
    }

    private static (string Measure, double Size)? Find(string unit)
    {
        string name = unit.Trim().TrimEnd('.').ToLowerInvariant();
        int power = name.EndsWith("^2", StringComparison.Ordinal) || name.StartsWith("square ", StringComparison.Ordinal) || name.StartsWith("sq ", StringComparison.Ordinal) ? 2
            : name.EndsWith("^3", StringComparison.Ordinal) || name.StartsWith("cubic ", StringComparison.Ordinal) ? 3 : 1;
        name = power == 1 ? name : name.EndsWith('2') || name.EndsWith('3') ? name[..^2] : name[(name.IndexOf(' ') + 1)..];
        if (power > 1)
        {
            return Known.TryGetValue(name, out (string Measure, double Size) side) && side.Measure == "length" ? ($"length^{power}", Math.Pow(side.Size, power)) : null;
        }

        return Known.TryGetValue(name, out (string, double) found) ? found : null;
    }

    private static FrozenDictionary<string, (string Measure, double Size)> Table(string text) =>
        (from row in text.Split(';')
         let cells = row.Split(' ')
         from name in cells.Skip(2)
         select KeyValuePair.Create(name, (cells[0], double.Parse(cells[1])))).ToFrozenDictionary(p => p.Key, p => p.Value);
}
