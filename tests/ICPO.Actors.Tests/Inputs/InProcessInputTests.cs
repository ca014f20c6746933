using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Inputs;
using ICPO.Actors.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Inputs;

/// <summary>Parts of a host app are inputs too.</summary>
public sealed class InProcessInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_part_with_another_version_is_refused_and_can_be_accepted()
    {
        string run = Start("1");
        RunFactory same = Factory("1"),
            other = Factory("2");
        same.Resume(run).Lock!.Dispose();
        ChangedInputsException refused = Assert.Throws<ChangedInputsException>(() => other.Resume(run));
        Assert.Equal(InputKind.Verifier, Assert.Single(refused.Changes).Kind);
        Assert.Throws<ChangedInputsException>(() => other.OpenReadOnly(run));
        RunContext accepted = other.Resume(run, new ResumeOptions { AcceptChangedInputs = true });
        accepted.Lock!.Dispose();
        Assert.Single(accepted.Notes);
        Assert.Contains(RunEventLog.Read(new RunDirectory(run)), line => line.Kind == EventKinds.InputChanged);

        // What was accepted is the new state.
        other.Resume(run).Lock!.Dispose();
        Assert.Throws<ChangedInputsException>(() => same.Resume(run));
    }

    [Fact]
    public void A_run_that_recorded_no_inputs_goes_on_with_a_note_and_records_them()
    {
        string run = Start("1");
        File.Delete(new RunDirectory(run).Inputs);
        RunContext first = Factory("2").Resume(run);
        first.Lock!.Dispose();
        Assert.Single(first.Notes);
        Assert.Throws<ChangedInputsException>(() => Factory("1").Resume(run));
    }

    [Fact]
    public void A_convention_that_was_edited_in_the_stored_configuration_is_refused_by_its_key()
    {
        string run = _folder.In("run");
        RunContext started = Factory(null, [new("run.directory", run), new("verification.tolerance", "0.5")]).Create();
        started.Lock!.Dispose();
        string path = new RunDirectory(run).EffectiveConfiguration;
        File.WriteAllText(path, File.ReadAllText(path).Replace("tolerance = 0.5", "tolerance = 0.25", StringComparison.Ordinal));
        ChangedInputsException refused = Assert.Throws<ChangedInputsException>(() => Factory(null).Resume(run));
        Assert.Contains("icpo.verification.tolerance", refused.Message);
    }

    [Fact]
    public void Fewer_updates_than_were_made_are_refused()
    {
        string run = Start("1");
        File.WriteAllText(new RunDirectory(run).Metrics, """{"kind":"update","update":9,"seconds":1}""" + "\n");
        var options = new ResumeOptions { Changes = new ConfigurationSources { Overrides = ["run.updates=8"] } };
        Assert.Contains("icpo.run.updates", Assert.Throws<ArgumentException>(() => Factory("1").Resume(run, options)).Message);
    }

    private string Start(string version)
    {
        RunContext run = Factory(version, [new("run.directory", _folder.In("run"))]).Create();
        run.Lock!.Dispose();
        return run.Directory.Path;
    }

    private static RunFactory Factory(string? version, KeyValuePair<string, string>[]? settings = null)
    {
        IServiceCollection services = new ServiceCollection().AddSingleton<IPolicyBackend>(new HashBackend());
        if (version is not null)
        {
            services.AddSingleton<ITask>(new ParityTask()).AddSingleton<IVerifier>(new VersionedVerifier(version));
        }

        return services
            .AddIcpo(IcpoConfiguration.Load(new ConfigurationSources { Code = [new("group.expert-rollouts", "0"), .. settings ?? []] }))
            .BuildServiceProvider()
            .GetRequiredService<RunFactory>();
    }

    private sealed class VersionedVerifier(string version) : IVerifier
    {
        private readonly ParityVerifier _parity = new();

        public string Name => "versioned";

        public string? Version => version;

        public ValueTask<Judgment> VerifyAsync(
            Question question,
            string response,
            FinishReason finish,
            CancellationToken cancellationToken
        ) => _parity.VerifyAsync(question, response, finish, cancellationToken);
    }
}
