using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Deployment;

/// <summary>The steps and scripts of images, without a container engine.</summary>
public sealed class ImageTests
{
    private static readonly string Docker = Path.Combine(DeployFiles.Folder, "docker");

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("Dockerfile.cuda")]
    public void An_image_copies_what_exists_and_runs_without_rights(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Docker, name));
        string[] copied =
        [
            .. lines.Where(line => line.StartsWith("COPY deploy", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]),
        ];
        Assert.NotEmpty(copied);
        Assert.All(copied, path => Assert.True(File.Exists(Path.Combine(Repository.Root, path)), path));
        string published = Regex.Match(string.Join('\n', lines), @"dotnet publish (\S+)").Groups[1].Value;
        Assert.True(Directory.Exists(Path.Combine(Repository.Root, published)));
        Assert.Contains("USER $APP_UID", lines);
        Assert.Contains(lines, line => line.StartsWith("HEALTHCHECK", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_sent_to_the_build_exists()
    {
        string[] kept =
        [
            .. File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore"))
                .Where(line => line.StartsWith('!'))
                .Select(line => line[1..]),
        ];
        Assert.All(kept, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [Theory]
    [InlineData("--help", "--help")]
    [InlineData("node --seed a:1", "node --seed a:1")]
    [InlineData("learner /run.conf --set a=b", "node --role learner --run /run.conf --set run.directory=RUN --set a=b")]
    public async Task The_entry_point_starts_icpo(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(expected.Replace("RUN", folder.In("run")), await EnterAsync(folder, arguments));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("learners.invalid:4053", " --seed dns:learners.invalid:4053")]
    public async Task The_entry_point_resumes_a_run_that_is_there(string learners, string seeds)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Folder("run"), "effective.conf"), "", TestContext.Current.CancellationToken);
        string expected = $"node --role learner --resume {folder.In("run")}{seeds} --set a=b";
        Assert.Equal(expected, await EnterAsync(folder, "learner /run.conf --set a=b", learners));
    }

    [Fact]
    public async Task The_entry_point_stands_by_where_another_learner_answers()
    {
        using var folder = new TemporaryFolder();
        using var learner = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        learner.Start();
        string learners = $"127.0.0.2:{((IPEndPoint)learner.LocalEndpoint).Port}";
        string expected = $"node --role learner --set run.directory={folder.In("run")} --seed dns:{learners}";
        Assert.Equal(expected, await EnterAsync(folder, "learner /run.conf", learners));
    }

    [Theory]
    [InlineData("run/effective.conf", "--resume DIR/run")]
    [InlineData("run.conf", "--run DIR/run.conf --set run.directory=DIR/run --set cluster.seeds=[]")]
    [InlineData("other.conf", "--set run.directory=DIR/run")]
    public async Task The_script_of_a_learner_s_unit_resumes_starts_or_stands_by(string file, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Folder("run");
        folder.Write(file, "");
        folder.Write("icpo", "#!/bin/sh\necho \"$@\"\n");
        string script =
            $"cp '{Path.Combine(DeployFiles.Folder, "systemd", "learner.sh")}' . && chmod +x icpo && "
            + $"ICPO_RUN_DIRECTORY='{folder.In("run")}' ICPO_CONFIGURATION='{folder.Path}' sh ./learner.sh";
        using var process = SampleProcess.StartScript(folder.Path, script);
        Assert.Equal(0, await process.ExitAsync());
        string start = $"node --role learner --config {folder.Path}/node.conf ";
        Assert.Equal(start + expected.Replace("DIR", folder.Path), process.Output.Trim());
    }

    /// <summary>The arguments that icpo gets.</summary>
    private static async Task<string> EnterAsync(TemporaryFolder folder, string arguments, string learners = "")
    {
        string program = folder.Write("icpo", "#!/bin/sh\necho \"$@\"\n");
        string script =
            $"chmod +x '{program}'; PATH='{folder.Path}':$PATH ICPO_RUN_DIRECTORY='{folder.In("run")}' ICPO_LEARNERS='{learners}' "
            + $"bash '{Path.Combine(Docker, "entrypoint.sh")}' {arguments}";
        using var process = SampleProcess.StartScript(folder.Path, script);
        Assert.Equal(0, await process.ExitAsync());
        return process.Output.Trim();
    }
}
