namespace TestSupport;

/// <summary>Holds the example of a README to the code of a test: the same lines, and what they print.</summary>
public static class Readme
{
    /// <summary>
    /// The lines between <c>&lt;readme&gt;</c> marks of a source file, without indentation; <c>print</c> becomes <c>Console.WriteLine</c>.
    /// </summary>
    public static string Region(params string[] source)
    {
        string[] lines = File.ReadAllLines(Repository.In(source));
        int start = Array.FindIndex(lines, line => line.Trim() == "// <readme>");
        int end = Array.FindIndex(lines, line => line.Trim() == "// </readme>");
        int indentation = lines[start].IndexOf('/');
        return string.Join('\n', lines[(start + 1)..end].Select(line => line.Length > indentation ? line[indentation..] : ""))
            .Replace("print(", "Console.WriteLine(", StringComparison.Ordinal);
    }

    /// <summary>The first C# block of a README.</summary>
    public static string Block(params string[] readme) => File.ReadAllText(Repository.In(readme)).Split("```csharp\n")[1].Split("\n```")[0];

    /// <summary>The comments after statements that print: the output that the README promises.</summary>
    public static string[] Output(string code) =>
        [.. code.Split('\n').Where(line => line.Contains("); // ", StringComparison.Ordinal)).Select(line => line.Split("); // ")[1])];
}
