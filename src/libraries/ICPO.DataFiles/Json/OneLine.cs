namespace ICPO.DataFiles.Json;

/// <summary>Makes file content fit into a one-line error message.</summary>
public static class OneLine
{
    private const int MaxLength = 600;

    /// <summary>Collapses white space and control characters to one space and elides the middle of a long text.</summary>
    public static string Of(string text)
    {
        string line = string.Join(
            ' ',
            text.Split([.. text.Where(c => char.IsWhiteSpace(c) || char.IsControl(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries)
        );
        return line.Length <= MaxLength ? line : $"{line[..(MaxLength / 2)]} … {line[^(MaxLength / 2)..]}";
    }
}
