using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>What an app embeds does not speak of the command line: its exceptions name the API, and the host has its own words.</summary>
public sealed partial class WordingTests
{
    public static TheoryData<Project> Projects => [.. Solution.Projects.Where(project => project.Name != Solution.Host)];

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void Only_the_host_names_options_of_the_command_line(Project project) =>
        Solution.ExpectNone(Solution.Read(project.AssemblyName, Texts).Where(text => Option().IsMatch(text)));

    [Fact]
    public void An_option_is_found_where_there_is_one() =>
        Assert.Contains(Solution.Read(typeof(WordingTests).Assembly.GetName().Name!, Texts), text =>
            text == "continue with --resume DIR" && Option().IsMatch(text)
        );

    /// <summary>Every string that the code holds.</summary>
    private static string[] Texts(MetadataReader metadata)
    {
        List<string> texts = [];
        for (UserStringHandle handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle))
        {
            texts.Add(metadata.GetUserString(handle));
        }

        return [.. texts];
    }

    [GeneratedRegex(@"--(resume|output|config|data|model|preset|seed|accept-changed-inputs|demonstrations|adapter)\b")]
    private static partial Regex Option();
}
