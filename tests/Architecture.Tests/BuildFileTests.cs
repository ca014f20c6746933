using System.Xml.Linq;

namespace Architecture.Tests;

/// <summary>Versions stand in one place, and packages come from wherever the machine takes them.</summary>
public sealed class BuildFileTests
{
    [Fact]
    public void No_project_names_the_version_of_a_package() =>
        Solution.ExpectNone(
            Solution
                .Files("", "*.csproj")
                .SelectMany(path => XDocument.Load(path).Descendants("PackageReference").Select(e => (path, e)))
                .Where(p =>
                    p.e.Attribute("Version") is not null
                    || p.e.Attribute("VersionOverride") is not null
                    || p.e.Element("Version") is not null
                )
                .Select(p => $"{p.path}: {p.e}")
        );

    [Fact]
    public void No_project_names_a_version_of_its_own() =>
        Solution.ExpectNone(
            Solution
                .Files("", "*.csproj")
                .Where(path =>
                    XDocument.Load(path).Descendants().Any(e => e.Name.LocalName is "Version" or "AssemblyVersion" or "FileVersion")
                )
        );

    [Fact]
    public void Every_pinned_package_is_named_once()
    {
        string[] names =
        [
            .. XDocument
                .Load(Path.Combine(Solution.Root, "Directory.Packages.props"))
                .Descendants("PackageVersion")
                .Select(e => (string)e.Attribute("Include")!),
        ];
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public void There_is_no_package_source_of_our_own() => Solution.ExpectNone(Solution.Files("", "nuget.config"));
}
