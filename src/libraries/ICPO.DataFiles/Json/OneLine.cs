namespace ICPO.DataFiles.Json;

/// <summary>Brings what a file holds into a sentence about it.</summary>
public static class OneLine
{
    private const int Longest = 600;

    /// <summary>White space and control characters are one space, the middle of a long text is left out.</summary>
    public static string Of(string text)
    {
        string line = string.Join(
            ' ',
            text.Split([.. text.Where(c => char.IsWhiteSpace(c) || char.IsControl(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries)
        );
        return line.Length <= Longest ? line : $"{line[..(Longest / 2)]} … {line[^(Longest / 2)..]}";
    }
}
