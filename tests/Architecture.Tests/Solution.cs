using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>A product project: its build file and the assembly made from it.</summary>
public sealed record Project(string Name, string AssemblyName, string Path)
{
    private XDocument Document { get; } = XDocument.Load(Path);

    /// <summary>Names of the projects its build file refers to.</summary>
    public IEnumerable<string> Projects =>
        Items("ProjectReference").Select(i => System.IO.Path.GetFileNameWithoutExtension(i.Replace('\\', '/')));

    public IEnumerable<string> Packages => Items("PackageReference");

    /// <summary>What the compiler wrote down as used.</summary>
    public IEnumerable<string> Assemblies =>
        Solution.Read(AssemblyName, m => m.AssemblyReferences.Select(r => m.GetString(m.GetAssemblyReference(r).Name)).ToArray());

    public override string ToString() => Name;

    private IEnumerable<string> Items(string kind) =>
        Document.Descendants(kind).Select(e => (string?)e.Attribute("Include")).OfType<string>();
}

internal static class Solution
{
    public const string Contracts = "ICPO.Actors.Contracts";
    public const string Algorithm = "ICPO.Actors.Algorithm";
    public const string Tasks = "ICPO.Actors.Tasks";
    public const string Modeling = "ICPO.Actors.Modeling";
    public const string Wire = "ICPO.Actors.Wire";
    public const string Actors = "ICPO.Actors";
    public const string Chat = "ICPO.Actors.Chat";
    public const string Cluster = "ICPO.Actors.Cluster";
    public const string Dashboard = "ICPO.Actors.Dashboard";
    public const string Serving = "ICPO.Actors.Serving";
    public const string Host = "ICPO.Actors.Host";
    public const string Configuration = "ICPO.Actors.Configuration";
    public const string RunFiles = "ICPO.Actors.RunFiles";
    public const string Jinja = "ICPO.Jinja";
    public const string Tokenizers = "ICPO.Tokenizers";
    public const string MathAnswers = "ICPO.MathAnswers";
    public const string DataFiles = "ICPO.DataFiles";

    public static string Root => Repository.Root;

    /// <summary>Every project under src.</summary>
    public static Project[] Projects { get; } =
    [
        .. Files("src", "*.csproj")
            .Select(path =>
            {
                string name = Path.GetFileNameWithoutExtension(path);
                return new Project(name, (string?)XDocument.Load(path).Descendants("AssemblyName").FirstOrDefault() ?? name, path);
            }),
    ];

    /// <summary>Files of the sources, build outputs left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory
            .EnumerateFiles(
                Path.Combine(Root, folder),
                pattern,
                new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive }
            )
            .Where(p => !Path.GetRelativePath(Root, p).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git"));

    /// <summary>Reads the metadata of an assembly beside this one.</summary>
    public static T Read<T>(string assembly, Func<MetadataReader, T> read)
    {
        using PEReader file = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        return read(file.GetMetadataReader());
    }

    /// <summary>Fails with all of the findings, in full.</summary>
    public static void ExpectNone(IEnumerable<string> findings)
    {
        string[] all = [.. findings];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
