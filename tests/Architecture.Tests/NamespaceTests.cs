using System.Reflection;

namespace Architecture.Tests;

/// <summary>Inside a project, namespaces use each other one way only.</summary>
public sealed class NamespaceTests(ITestOutputHelper output)
{
    public static TheoryData<Project> Projects => [.. Solution.Projects];

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void No_namespace_is_in_a_circle_with_another(Project project)
    {
        IReadOnlyDictionary<(string From, string To), string> arrows = NamespaceGraph.Read(Assembly.Load(project.AssemblyName));
        Solution.ExpectNone(
            NamespaceGraph
                .Circles(arrows.Keys)
                .SelectMany(circle => arrows.Where(arrow => circle.Contains(arrow.Key.From) && circle.Contains(arrow.Key.To)))
                .Select(arrow => $"{arrow.Key.From} -> {arrow.Key.To} ({arrow.Value})")
        );
    }

    /// <summary>CONTRIBUTING.md names the command that shows this output.</summary>
    [Fact]
    public void The_graph_of_folders_is_printed()
    {
        foreach (Project project in Solution.Projects)
        {
            IReadOnlyDictionary<(string From, string To), string> arrows = NamespaceGraph.Read(Assembly.Load(project.AssemblyName));
            output.WriteLine($"{project.Name} -> {string.Join(", ", project.Projects.Order(StringComparer.Ordinal))}");
            foreach (IGrouping<string, string> from in arrows.Keys.GroupBy(arrow => arrow.From, arrow => arrow.To))
            {
                output.WriteLine($"    {Short(from.Key, project)} -> {string.Join(", ", from.Select(to => Short(to, project)))}");
            }
        }

        Assert.NotEmpty(Solution.Projects);
    }

    [Fact]
    public void A_circle_is_found_where_there_is_one()
    {
        IReadOnlyDictionary<(string From, string To), string> arrows = NamespaceGraph.Read([
            typeof(Circle.One.First),
            typeof(Circle.Two.Second),
            typeof(Circle.Three.Third),
        ]);
        string[] circle = Assert.Single(NamespaceGraph.Circles(arrows.Keys));
        Assert.Equal(["Architecture.Tests.Circle.One", "Architecture.Tests.Circle.Two"], circle);
    }

    private static string Short(string name, Project project)
    {
        string root = project.Name;
        return name == root ? "(root)"
            : name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..]
            : name;
    }
}
