using System.Text;
using System.Text.RegularExpressions;

namespace ICPO.Actors.Host.Tests.Docs;

/// <summary>The commands of the <c>sh</c> blocks of a page, split into words as a POSIX shell does.</summary>
internal static partial class ShellBlocks
{
    /// <summary>Pages with commands: the READMEs, the guides and the results.</summary>
    public static IEnumerable<string> Pages =>
        [
            "README.md",
            "CONTRIBUTING.md",
            Path.Combine("deploy", "README.md"),
            .. Directory
                .GetFiles(Repository.In("docs"), "*.md", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Repository.Root, path))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The simple commands of a page's blocks, without variables before them and redirections after them.</summary>
    public static IEnumerable<string[]> Commands(string page) =>
        Block()
            .Matches(File.ReadAllText(Repository.In(page)))
            .SelectMany(block => block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .SelectMany(Split);

    /// <summary>The commands of a line.</summary>
    public static IEnumerable<string[]> Split(string line)
    {
        List<string> words = [];
        foreach (string word in Words(line).Append(";"))
        {
            if (word is not (";" or "&&" or "||" or "|"))
            {
                words.Add(word);
                continue;
            }

            string[] command =
            [
                .. words
                    .TakeWhile(one => one is not (">" or ">>" or "<"))
                    .SkipWhile(one => one is "do" or "then" || Assignment().IsMatch(one)),
            ];
            if (command.Length > 0)
            {
                yield return command;
            }

            words.Clear();
        }
    }

    /// <summary>Words and operators; a comment ends the line.</summary>
    private static IEnumerable<string> Words(string line)
    {
        var word = new StringBuilder();
        bool isOpen = false;
        char quote = '\0';
        foreach (char c in line)
        {
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                word.Append(c is '\'' or '"' && quote == '\0' ? "" : c.ToString());
            }
            else if (c is '\'' or '"')
            {
                (quote, isOpen) = (c, true);
            }
            else if (c is ' ' or ';')
            {
                if (isOpen)
                {
                    yield return word.ToString();
                }

                word.Clear();
                isOpen = false;
                if (c == ';')
                {
                    yield return ";";
                }
            }
            else if (c == '#' && !isOpen)
            {
                yield break;
            }
            else
            {
                word.Append(c);
                isOpen = true;
            }
        }

        if (isOpen)
        {
            yield return word.ToString();
        }
    }

    [GeneratedRegex("```sh\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*=")]
    private static partial Regex Assignment();
}
