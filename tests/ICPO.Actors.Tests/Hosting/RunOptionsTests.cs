using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Journals;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Hosting;

/// <summary>Runs of one host with settings and parts of their own.</summary>
public sealed class RunOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Runs_at_once_have_their_own_settings_and_verifiers()
    {
        await using ServiceProvider services = FinishedRun.Services();
        IIcpoRuns runs = services.GetRequiredService<IIcpoRuns>();
        IcpoConfiguration configuration = services.GetRequiredService<IcpoConfiguration>();
        var counting = new CountingVerifier();

        IIcpoRun[] started = await Task.WhenAll(
            runs.StartAsync(configuration.With([new("run.directory", _folder.In("two")), new("run.updates", "2")])),
            runs.StartAsync(options =>
            {
                options.Configuration = configuration.With([new("run.directory", _folder.In("three")), new("run.updates", "3")]);
                options.Verifier = counting;
            })
        );
        RunSummary[] ended = await Task.WhenAll(started.Select(run => run.Completion)).WaitAsync(FinishedRun.Far);

        Assert.Equal([2, 3], ended.Select(summary => summary.Updates));
        Assert.All(ended, summary => Assert.True(summary.LedgerCloses));
        Assert.NotEqual(0, counting.Calls);
    }

    [Fact]
    public void A_section_of_the_host_configuration_is_read_as_a_run_file_is()
    {
        IConfiguration section = Section(
            ("Run:Updates", "7"),
            ("group:policy-rollouts", "3"),
            ("Model:Lora:Targets:0", "q_proj"),
            ("Model:Lora:Targets:1", "v_proj")
        );
        using ServiceProvider services = new ServiceCollection().AddIcpo(section).BuildServiceProvider();
        IcpoConfiguration configuration = services.GetRequiredService<IcpoConfiguration>();

        Assert.Equal((7, 3), (configuration.Settings.Updates, configuration.Settings.Group.PolicyRollouts));
        string unknown = Assert
            .Throws<ConfigurationException>(() => new ServiceCollection().AddIcpo(Section(("Group:PolicyRollout", "3"))))
            .Message;
        Assert.StartsWith("section Icpo:", unknown, StringComparison.Ordinal);
        Assert.Contains("group.policy-rollouts", unknown, StringComparison.Ordinal);
        Assert.Contains(
            "run.updates",
            Assert.Throws<ConfigurationException>(() => new ServiceCollection().AddIcpo(Section(("Run:Updates", "many")))).Message,
            StringComparison.Ordinal
        );
    }

    private static IConfiguration Section(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"Icpo:{value.Key}", (string?)value.Value)))
            .Build()
            .GetSection("Icpo");

    private sealed class CountingVerifier : IVerifier
    {
        private readonly ParityVerifier _verifier = new();
        private int _calls;

        public int Calls => _calls;

        public string Name => "counting";

        public ValueTask<Judgment> VerifyAsync(Question question, string response, FinishReason finish, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            return _verifier.VerifyAsync(question, response, finish, cancellationToken);
        }
    }
}
