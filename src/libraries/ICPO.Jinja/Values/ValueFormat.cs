namespace ICPO.Jinja.Values;

/// <summary>format(value, spec): the parts of a specification that each type accepts.</summary>
internal static class ValueFormat
{
    public static string Format(object? value, string text, Budget budget)
    {
        if (text.Length == 0)
        {
            return PythonText.Str(value, budget);
        }

        if (value is not (bool or System.Numerics.BigInteger or double) && PythonText.AsText(value) is null)
        {
            throw new TemplateFault($"unsupported format string passed to {PythonText.TypeName(value)}.__format__");
        }

        var spec = FormatSpec.Parse(text);
        if (PythonText.AsText(value) is { } s)
        {
            return Text(s, spec, budget);
        }

        if (PythonNumbers.AsInteger(value) is { } whole && spec.Kind is '\0' or 'd' or 'n' or 'x' or 'X' or 'o' or 'b' or 'c')
        {
            return Whole(whole, spec, budget);
        }

        return Real(value, spec, budget);
    }

    private static string Text(string value, FormatSpec spec, Budget budget)
    {
        Refuse(spec.Kind is not ('\0' or 's'), $"Unknown format code '{spec.Kind}' for object of type 'str'");
        Refuse(spec.Sign != '\0', "Sign not allowed in string format specifier");
        Refuse(spec.NoNegativeZero, "Negative zero coercion (z) not allowed in string format specifier");
        Refuse(spec.Alternate, "Alternate form (#) not allowed in string format specifier");
        Refuse(spec.Align == '=', "'=' alignment not allowed in string format specifier");
        Refuse(spec.Grouping != '\0', $"Cannot specify '{spec.Grouping}' with 's'.");
        return PythonNumberFormat.Pad(
            spec.Precision >= 0 ? PythonText.Part(value, 0, Math.Min(spec.Precision, PythonText.Length(value, budget)), budget) : value,
            Aligned(spec, '<'),
            budget
        );
    }

    private static string Whole(System.Numerics.BigInteger value, FormatSpec spec, Budget budget)
    {
        Refuse(spec.Precision >= 0, "Precision not allowed in integer format specifier");
        Refuse(spec.NoNegativeZero, "Negative zero coercion (z) not allowed in integer format specifier");
        Refuse(
            spec.Grouping == ',' ? spec.Kind is not ('\0' or 'd') : spec.Grouping == '_' && spec.Kind is 'n' or 'c',
            $"Cannot specify '{spec.Grouping}' with '{spec.Kind}'."
        );
        if (spec.Kind == 'c')
        {
            Refuse(spec.Sign != '\0', "Sign not allowed with integer format specifier 'c'");
            Refuse(spec.Alternate, "Alternate form (#) not allowed with integer format specifier 'c'");
            return PythonNumberFormat.Pad(PythonNumberFormat.Character(value), Aligned(spec, spec.Zero ? '>' : '<'), budget);
        }

        return PythonNumberFormat.Whole(value, spec.Kind is '\0' or 'n' ? 'd' : spec.Kind, Aligned(spec, '>'), -1, budget);
    }

    private static string Real(object? value, FormatSpec spec, Budget budget)
    {
        Refuse(
            spec.Kind is not ('\0' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'n' or '%'),
            $"Unknown format code '{spec.Kind}' for object of type '{PythonText.TypeName(value)}'"
        );
        Refuse(spec.Grouping != '\0' && spec.Kind == 'n', $"Cannot specify '{spec.Grouping}' with 'n'.");
        return PythonNumberFormat.Real(
            PythonNumbers.AsDouble(value)!.Value,
            spec.Kind,
            Aligned(spec, '>') with
            {
                Precision = spec.Precision < 0 && spec.Kind != '\0' ? 6 : spec.Precision,
            },
            budget
        );
    }

    /// <summary>
    /// The specification with the default alignment and fill; zeros go between sign and digits unless aligned otherwise.
    /// </summary>
    private static FormatSpec Aligned(FormatSpec spec, char usual)
    {
        if (spec.Align == '\0')
        {
            spec = spec with { Align = spec.Zero && usual == '>' ? '=' : usual };
        }

        return spec.Fill.Length > 0 ? spec : spec with { Fill = spec.Zero ? "0" : " " };
    }

    private static void Refuse(bool wrong, string what)
    {
        if (wrong)
        {
            throw new TemplateFault(what);
        }
    }
}
