namespace Architecture.Tests;

/// <summary>Which project may refer to which (ARCHITECTURE.md, "Parts"), and where Akka and TorchSharp may be used.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Solution.Jinja] = [],
        [Solution.DataFiles] = [],
        [Solution.MathAnswers] = [],
        [Solution.Tokenizers] = [Solution.Jinja, Solution.DataFiles],
        [Solution.Contracts] = [],
        [Solution.Algorithm] = [Solution.Contracts],
        [Solution.Tasks] = [Solution.Contracts, Solution.DataFiles, Solution.MathAnswers],
        [Solution.Modeling] = [Solution.Contracts, Solution.Tokenizers],
        [Solution.Wire] = [Solution.Contracts],
        [Solution.Configuration] = [Solution.Contracts, Solution.Algorithm, Solution.Tasks, Solution.Modeling],
        [Solution.RunFiles] = [Solution.Contracts, Solution.Algorithm, Solution.Wire, Solution.Configuration],
        [Solution.Actors] =
        [
            Solution.Contracts,
            Solution.Algorithm,
            Solution.Tasks,
            Solution.Modeling,
            Solution.Wire,
            Solution.Configuration,
            Solution.RunFiles,
        ],
        [Solution.Chat] = [Solution.Actors],
        [Solution.Cluster] = [Solution.Actors],
        [Solution.Dashboard] = [Solution.RunFiles],
        [Solution.Serving] = [Solution.Actors],
        [Solution.Host] = [Solution.Cluster, Solution.Dashboard, Solution.Serving],
    };

    private static readonly string[] Libraries = [Solution.Jinja, Solution.DataFiles, Solution.MathAnswers, Solution.Tokenizers];

    public static TheoryData<Project> Projects => [.. Solution.Projects];

    [Fact]
    public void Every_project_has_its_place() => Assert.Equal(Allowed.Keys.Order(), Solution.Projects.Select(p => p.Name).Order());

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void A_project_refers_to_the_projects_below_it_only(Project project) =>
        Assert.Subset(Allowed[project.Name].ToHashSet(), project.Projects.ToHashSet());

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void An_assembly_uses_the_assemblies_below_it_only(Project project) =>
        Assert.Subset(
            Below(project.Name).ToHashSet(),
            project.Assemblies.Where(a => a.StartsWith("ICPO", StringComparison.OrdinalIgnoreCase)).ToHashSet()
        );

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void Akka_stops_at_the_wire_and_the_actors(Project project)
    {
        if (project.Name is not (Solution.Wire or Solution.Actors or Solution.Cluster or Solution.Host))
        {
            Assert.DoesNotContain(project.Packages, p => p.StartsWith("Akka", StringComparison.Ordinal));
            Assert.DoesNotContain(project.Assemblies, a => a.StartsWith("Akka", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void Torch_stops_at_modeling(Project project)
    {
        if (project.Name != Solution.Modeling)
        {
            Assert.DoesNotContain(project.Packages, p => p.Contains("torch", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(project.Assemblies, a => a.Contains("torch", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData(Solution.Contracts)]
    [InlineData(Solution.Algorithm)]
    public void What_is_said_and_what_is_decided_need_no_packages(string name)
    {
        Project project = Solution.Projects.Single(p => p.Name == name);
        Assert.Empty(project.Packages);
        Assert.All(project.Assemblies, a => Assert.Matches(@"^(System(\..+)?|ICPO\.Actors\.Contracts)$", a));
    }

    [Fact]
    public void Libraries_do_not_know_the_product() =>
        Solution.ExpectNone(
            Solution
                .Projects.Where(p => Libraries.Contains(p.Name))
                .SelectMany(p => p.Assemblies.Select(a => (p.Name, Assembly: a)))
                .Where(use => use.Assembly.StartsWith("ICPO.Actors", StringComparison.Ordinal))
                .Select(use => $"{use.Name} uses {use.Assembly}")
        );

    private static IEnumerable<string> Below(string name) => Allowed[name].SelectMany(p => Below(p).Append(p));
}
