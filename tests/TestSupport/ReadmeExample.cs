using Xunit;

namespace TestSupport;

/// <summary>Compares the example of a README with the code that a test compiles and runs.</summary>
public static class ReadmeExample
{
    /// <summary>
    /// Fails unless the C# block of README.md in one folder is the region between the lines "// &lt;readme&gt;" and "// &lt;/readme&gt;" of
    /// ReadmeTests.cs in another; indentation is ignored.
    /// </summary>
    public static void ExpectSame(string readmeFolder, string testFolder)
    {
        string readme = File.ReadAllText(Repository.In(readmeFolder, "README.md"));
        string test = File.ReadAllText(Repository.In(testFolder, "ReadmeTests.cs"));
        Assert.Equal(Lines(Between(test, "// <readme>", "// </readme>")), Lines(Between(readme, "```csharp", "```")));
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"'{start}' is missing");
        from += start.Length;
        int to = text.IndexOf(end, from, StringComparison.Ordinal);
        Assert.True(to >= 0, $"'{end}' is missing");
        return text[from..to];
    }

    private static string[] Lines(string code) => [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
