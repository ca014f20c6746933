using System.Globalization;
using ICPO.Actors.Cluster.Client;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Host.CommandLine;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.Host.Clusters;

/// <summary>The command lines of the processes of a local cluster.</summary>
/// <param name="Directory">The run's directory at the first learner.</param>
/// <param name="File">The file with the run's configuration.</param>
/// <param name="Configuration">The run's configuration.</param>
/// <param name="Learners">The number of processes that can run the core.</param>
internal sealed record ClusterPlan(RunDirectory Directory, string File, IcpoConfiguration Configuration, int Learners)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly int[] _ports = FreePorts.Take(Learners);

    /// <summary>The directory of the run at a learner.</summary>
    public string DirectoryOf(int index) =>
        index == 0 ? Directory.Path : string.Create(CultureInfo.InvariantCulture, $"{Directory.Path}.standby-{index}");

    public string LearnerName(int index) => Learners == 1 ? "learner" : $"learner-{index + 1}";

    /// <summary>The first one starts or resumes the run; the others are standbys with separate directories.</summary>
    public string[] Learner(int index)
    {
        string[] run =
            index > 0 ? ["--set", $"run.directory={DirectoryOf(index)}", .. Seeds]
            : !HasBegun ? ["--run", File]
            : Learners > 1 ? ["--resume", Directory.Path, .. Seeds]
            : ["--resume", Directory.Path];
        string port = string.Create(CultureInfo.InvariantCulture, $"cluster.port={_ports[index]}");
        string[] own = Learners > 1 ? ["--set", port, "--set", $"cluster.name={LearnerName(index)}"] : [];
        return ["node", "--role", "learner", .. run, .. own, .. index > 0 ? Tls : []];
    }

    public string[] Node(string name, string orphanTimeout) =>
        [
            "node",
            .. Learners > 1 ? Seeds : ["--seed", ClusterAddress.Read(Directory.Path).Seed],
            "--set",
            $"cluster.name={name}",
            "--set",
            $"cluster.orphan-timeout={orphanTimeout}",
            .. Tls,
        ];

    /// <summary>
    /// True if restarting a learner is useless: the run has ended, or cannot be started. A process that fails to resume or to stand by may
    /// succeed once the others run again, and one that has handed the run over becomes a standby.
    /// </summary>
    public bool IsFinal(int index, int code) =>
        code is ExitCode.Failed or ExitCode.Stopped
        || (code == ExitCode.Done && !HasHandedOver(index))
        || (code == ExitCode.BadInput && (Learners == 1 || !HasBegun));

    private bool HasHandedOver(int index) => RunSummaries.Read(new RunDirectory(DirectoryOf(index)))?.State == "stopped";

    /// <summary>Waits until a core has started; false if the run has ended before that.</summary>
    public async Task<bool> BegunAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            bool isThere = System.IO.File.Exists(Path.Combine(Directory.Path, ClusterAddress.FileName));
            if (Learners > 1 ? isThere || _wasThere : isThere)
            {
                _wasThere = true;
                return true;
            }

            await Task.WhenAny(Task.Delay(Look, CancellationToken.None), Task.Delay(Timeout.InfiniteTimeSpan, ended));
        }

        return false;
    }

    private bool _wasThere;

    private bool HasBegun => System.IO.File.Exists(Directory.EffectiveConfiguration);

    private string[] Seeds =>
        [.. _ports.SelectMany(port => new[] { "--seed", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") })];

    private string[] Tls =>
        Configuration.Settings.Cluster.Tls is { } tls
            ?
            [
                "--set",
                $"cluster.tls.certificate={tls.Certificate}",
                "--set",
                $"cluster.tls.key={tls.Key}",
                "--set",
                $"cluster.tls.authority={tls.Authority}",
            ]
            : [];
}
