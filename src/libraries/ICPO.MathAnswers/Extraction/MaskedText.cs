using System.Text;

namespace ICPO.MathAnswers.Extraction;

/// <summary>
/// A sentence whose values (formulas, LaTeX without delimiters, numbers) are replaced by one mark each, so that only words remain.
/// </summary>
internal sealed class MaskedText
{
    public const char Mark = '\uE000';

    private readonly List<string> _values = [];

    private MaskedText(string text) => Text = text;

    public string Text { get; private set; }

    public static MaskedText Of(string text)
    {
        MaskedText masked = new(text);
        StringBuilder result = new(text.Length);
        List<FormulaSpan> formulas = FormulaSpans.Find(text);
        int at = 0;
        foreach (FormulaSpan span in formulas)
        {
            masked.Plain(text[at..span.Start], result);
            masked.Add(text[span.ContentStart..span.ContentEnd].Trim().TrimEnd('.', ','), result);
            at = span.End;
        }

        masked.Plain(text[at..], result);
        masked.Text = result.ToString();
        return masked;
    }

    /// <summary>The values between two positions of the masked text, as a list.</summary>
    public string Values(int start, int length)
    {
        int before = Text.AsSpan(0, start).Count(Mark);
        return string.Join(", ", _values.Skip(before).Take(Text.AsSpan(start, length).Count(Mark)));
    }

    private void Plain(string text, StringBuilder result)
    {
        int at = 0;
        foreach ((int start, int length) in LooseFormulas.Values(text))
        {
            result.Append(text, at, start - at);
            Add(text.Substring(start, length), result);
            at = start + length;
        }

        result.Append(text, at, text.Length - at);
    }

    private void Add(string value, StringBuilder result)
    {
        _values.Add(value);
        result.Append(Mark);
    }
}
