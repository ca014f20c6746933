using System.Diagnostics;
using ICPO.Actors.RunFiles.History;

namespace EndToEnd.Tests.Samples;

/// <summary>
/// What <c>dotnet pack</c> makes is complete: an empty app that references the package builds and trains, and the tool trains, resumes
/// and starts a cluster. Packing takes minutes, so it runs where <c>ICPO_PACKAGES</c> is 1.
/// </summary>
public sealed class PackageTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(9);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_empty_app_restores_the_packages_and_trains_and_the_tool_trains_resumes_and_starts_a_cluster()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("ICPO_PACKAGES") == "1",
            "Packing takes minutes; set ICPO_PACKAGES=1 to run this test."
        );
        string packages = _folder.In("packages");
        await DotnetAsync(0, Repository.Root, "pack", "ICPO.Actors.sln", "-c", "Release", "-o", packages);
        await DotnetAsync(0, Repository.Root, "pack", "src/ICPO.Actors.Host", "-c", "Release", "-p:Torch=cpu", "-o", packages);

        await WriteAppAsync(packages, runtime: "", "ICPO.Actors", "OwnVerifier");
        Assert.Contains("ICPO0001", await DotnetAsync(1, _folder.In("app"), "build"), StringComparison.Ordinal);
        await WriteAppAsync(packages, runtime: "linux-x64", "ICPO.Actors", "OwnVerifier");
        string output = await DotnetAsync(0, _folder.In("app"), "run");
        Assert.Contains("Completed: update 5 of 5", output, StringComparison.Ordinal);

        await WriteAppAsync(packages, runtime: "linux-x64", "ICPO.Actors.Chat", "Chat");
        Assert.Contains("finish reason stop", await DotnetAsync(0, _folder.In("app"), "run", "run"), StringComparison.Ordinal);

        await DotnetAsync(
            0,
            _folder.Path,
            ["tool", "install", "ICPO.Actors.Tool", "--version", Version, "--tool-path", _folder.In("tools"), "--add-source", packages]
        );
        string tool = Path.Combine(_folder.In("tools"), "icpo");
        Assert.Contains("update 1/1", await RunAsync(0, _folder.Path, tool, Train), StringComparison.Ordinal);
        string[] longer = ["train", "--resume", "run", "--set", "run.updates=2"];
        Assert.Contains("update 2/2", await RunAsync(0, _folder.Path, tool, longer), StringComparison.Ordinal);

        string[] cluster = ["cluster", "up", "--nodes", "3", "--set", "run.updates=2", "--set", "evaluation.at-start=false"];
        await RunAsync(0, _folder.Path, tool, [.. cluster, "--set", "run.directory=cluster"]);
        Assert.Equal(("completed", 2L), SummaryOf("cluster"));
    }

    private (string?, long?) SummaryOf(string run) =>
        RunHistory.Read(_folder.In(run)).Summary is { } summary ? (summary.State, summary.Updates) : (null, null);

    private static string Version { get; } = typeof(ICPO.Actors.Runs.IIcpoRun).Assembly.GetName().Version!.ToString(3);

    private static string[] Train { get; } = ["train", "--set", "run.updates=1", "--set", "evaluation.at-start=false", "--output", "run"];

    private async Task WriteAppAsync(string packages, string runtime, string package, string sample)
    {
        string app = _folder.In("app");
        Directory.CreateDirectory(app);
        File.Copy(Repository.In("samples", sample, "Program.cs"), Path.Combine(app, "Program.cs"), overwrite: true);

        // A package cache of its own: the one of the machine would keep packages of this version that were packed before.
        await File.WriteAllTextAsync(
            Path.Combine(app, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.In("cache")}" /></config>
              <packageSources><add key="local" value="{packages}" /></packageSources>
            </configuration>
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(app, "App.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>{runtime}</RuntimeIdentifier>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{Version}" />
              </ItemGroup>
            </Project>
            """
        );
    }

    private static Task<string> DotnetAsync(int exitCode, string folder, params string[] arguments) =>
        RunAsync(exitCode, folder, "dotnet", arguments);

    private static async Task<string> RunAsync(int exitCode, string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(),
            errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        await process.WaitForExitAsync(deadline.Token);
        string all = await output + await errors;
        Assert.True(process.ExitCode == exitCode, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{all}");
        return all;
    }
}
