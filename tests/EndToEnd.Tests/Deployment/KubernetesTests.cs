using System.Diagnostics;
using YamlDotNet.RepresentationModel;

namespace EndToEnd.Tests.Deployment;

/// <summary>Manifests that fit together, and what validators say where they are installed.</summary>
public sealed class KubernetesTests
{
    private static readonly YamlMappingNode[] Manifests = [.. DeployFiles.Manifests()];
    private static readonly YamlMappingNode[] Pods =
    [
        .. Manifests.Where(manifest => Kind(manifest) is "StatefulSet" or "Deployment").Where(m => m.At("spec/selector").Any()),
    ];

    [Fact]
    public void Every_file_of_yaml_is_read_and_names_files_that_exist()
    {
        foreach (string path in DeployFiles.Of(".yaml"))
        {
            foreach (YamlMappingNode document in DeployFiles.Documents(path))
            {
                string[] named =
                [
                    .. document.Texts("resources/*").Where(_ => Kind(document) == "Kustomization"),
                    .. document.Texts("patches/*/path"),
                    .. document.Texts("configMapGenerator/*/files/*"),
                    .. document.Texts("configs/*/file"),
                ];
                Assert.All(named, file => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, file)), $"{path}: {file}"));
            }
        }
    }

    [Fact]
    public void Pods_mount_what_they_have_and_are_probed_at_ports_that_they_open()
    {
        Assert.Equal(2, Pods.Length);
        foreach (YamlMappingNode pod in Pods)
        {
            const string Container = "spec/template/spec/containers/*";
            string[] volumes =
            [
                .. pod.Texts("spec/template/spec/volumes/*/name"),
                .. pod.Texts("spec/volumeClaimTemplates/*/metadata/name"),
            ];
            Assert.Equal(volumes.Order(), pod.Texts($"{Container}/volumeMounts/*/name").Order());
            string[] ports = [.. pod.Texts($"{Container}/ports/*/name")];
            string[] probed =
            [
                .. new[] { "startup", "liveness", "readiness" }.SelectMany(p => pod.Texts($"{Container}/{p}Probe/httpGet/port")),
            ];
            Assert.Equal(3, probed.Length);
            Assert.Subset(ports.ToHashSet(), probed.ToHashSet());
            Assert.Equal(["true"], pod.Texts($"{Container}/securityContext/readOnlyRootFilesystem"));
            Assert.Equal(["true"], pod.Texts("spec/template/spec/securityContext/runAsNonRoot"));
        }
    }

    [Fact]
    public void Whatever_selects_pods_selects_some()
    {
        string[] labels = [.. Pods.SelectMany(Labels)];
        string[] selected = [.. Manifests.SelectMany(manifest => manifest.AllNodes).OfType<YamlMappingNode>().SelectMany(Selected)];
        Assert.NotEmpty(selected);
        Assert.Subset(labels.ToHashSet(), selected.ToHashSet());
        string[] scaled = [.. Manifests.SelectMany(manifest => manifest.Texts("spec/scaleTargetRef/name")).Distinct()];
        Assert.Equal(["icpo-rollout"], scaled);
        Assert.Contains(Pods, pod => pod.Texts("metadata/name").Contains(scaled[0]));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public async Task An_overlay_is_built(string overlay)
    {
        (int code, string output) = await RunAsync(
            "kubectl",
            "kustomize",
            Path.Combine(DeployFiles.Folder, "kubernetes", "overlays", overlay)
        );
        Assert.Equal(0, code);
        Assert.Contains("kind: StatefulSet", output);
        Assert.DoesNotContain("image: icpo\n", output);
    }

    [Theory]
    [InlineData("icpo-node")]
    [InlineData("icpo-learner")]
    public async Task A_unit_is_valid(string unit)
    {
        using var folder = new TemporaryFolder();
        string text = await File.ReadAllTextAsync(
            Path.Combine(DeployFiles.Folder, "systemd", $"{unit}.service"),
            TestContext.Current.CancellationToken
        );
        string path = folder.Write(
            $"{unit}.service",
            text.Replace("/opt/icpo/icpo", "/bin/true").Replace("/opt/icpo/learner.sh", "/bin/true").Replace("User=icpo", "User=root")
        );
        (int code, string output) = await RunAsync("systemd-analyze", "verify", path);
        Assert.Equal((0, ""), (code, output));
    }

    private static string Kind(YamlMappingNode manifest) => manifest.Texts("kind").SingleOrDefault() ?? "";

    private static IEnumerable<string> Labels(YamlMappingNode pod) =>
        ((YamlMappingNode)pod.At("spec/template/metadata/labels").Single()).Children.Values.Select(value => value.ToString());

    private static IEnumerable<string> Selected(YamlMappingNode node) =>
        node.At("matchLabels")
            .OfType<YamlMappingNode>()
            .SelectMany(labels => labels.Children)
            .Where(label => label.Key.ToString() == "app.kubernetes.io/name")
            .Select(label => label.Value.ToString());

    /// <summary>Skips the test where the program is not installed.</summary>
    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
        }

        using (process)
        {
            Task<string> errors = process!.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await errors);
        }
    }
}
