using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace EndToEnd.Tests.Deployment;

/// <summary>The files under <c>deploy/</c>.</summary>
internal static class DeployFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "deploy");

    public static IEnumerable<string> All => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories);

    public static IEnumerable<string> Of(string extension) => All.Where(path => Path.GetExtension(path) == extension);

    /// <summary>The documents of a YAML file.</summary>
    public static IEnumerable<YamlMappingNode> Documents(string path)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(File.ReadAllText(path));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>The documents of all manifests of Kubernetes.</summary>
    public static IEnumerable<YamlMappingNode> Manifests() =>
        Of(".yaml").Where(path => path.Contains("kubernetes", StringComparison.Ordinal)).SelectMany(Documents);

    /// <summary>The nodes at a path; <c>*</c> is every item of a list or value of a mapping.</summary>
    public static IEnumerable<YamlNode> At(this YamlNode node, string path)
    {
        IEnumerable<YamlNode> found = [node];
        foreach (string step in path.Split('/'))
        {
            found = [.. found.SelectMany(at => Step(at, step))];
        }

        return found;
    }

    public static IEnumerable<string> Texts(this YamlNode node, string path) => node.At(path).Select(found => found.ToString());

    /// <summary>The command lines of icpo in containers and units.</summary>
    public static IEnumerable<string[]> Commands()
    {
        IEnumerable<YamlNode> lists = Of(".yaml").SelectMany(Documents).SelectMany(document => document.AllNodes);
        foreach (YamlSequenceNode list in lists.OfType<YamlSequenceNode>())
        {
            string[] words = [.. list.Children.Select(child => child.ToString())];
            if (words is ["node" or "learner", ..])
            {
                yield return words;
            }
        }

        foreach (string path in All.Where(path => Path.GetExtension(path) is ".service" or ".sh"))
        {
            yield return [.. Regex.Split(File.ReadAllText(path), @"\s+").SkipWhile(word => word != "node")];
        }
    }

    private static IEnumerable<YamlNode> Step(YamlNode node, string step) =>
        (node, step) switch
        {
            (YamlSequenceNode list, "*") => list.Children,
            (YamlMappingNode mapping, "*") => mapping.Children.Values,
            (YamlMappingNode mapping, _) when mapping.Children.TryGetValue(step, out YamlNode? found) => [found],
            _ => [],
        };
}
