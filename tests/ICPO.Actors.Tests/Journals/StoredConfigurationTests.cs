using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.Tests.Journals;

/// <summary>What a run wrote down is read by later versions too, and holds no secret.</summary>
public sealed class StoredConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task An_unknown_key_is_noted_and_ignored_in_a_stored_configuration_only()
    {
        string run = await FinishedRun.MakeAsync(_folder.In("run"));
        string path = new RunDirectory(run).EffectiveConfiguration;
        await File.AppendAllTextAsync(path, "icpo.admission.retired-key = 3\n");
        int line = (await File.ReadAllLinesAsync(path)).Length;
        var journal = RunJournal.Open(run);
        string note = Assert.Single(journal.Notes);
        Assert.StartsWith($"{path}:{line}: ", note, StringComparison.Ordinal);
        Assert.Contains("icpo.admission.retired-key", note, StringComparison.Ordinal);
        Assert.True(JournalAudit.Check(journal).Closes);
        Assert.Equal(RunState.Completed, Assert.Single(RunCatalog.Read(run, TimeProvider.System)).State);

        ConfigurationException refused = Assert.Throws<ConfigurationException>(() =>
            IcpoConfiguration.Load(new ConfigurationSources { Files = [ConfigurationFile.Open(path)] })
        );
        Assert.Contains("icpo.admission.retired-key", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://me:s3cr%40t@host:5433/db?Timeout=5", "postgres://me@host:5433/db?Timeout=5")]
    [InlineData("postgres://me@host/db?password=s3cr%40t&Timeout=5", "postgres://me@host/db?Timeout=5")]
    [InlineData("postgres://me@host/db", "postgres://me@host/db")]
    [InlineData("Host=host;Username=me;Password=s3cr@t;Database=db", "Host=host;Username=me;Database=db")]
    [InlineData("Data Source=file.db", "Data Source=file.db")]
    public void A_password_is_taken_out_of_a_connection_string(string given, string expected)
    {
        var configuration = IcpoConfiguration.Load(new ConfigurationSources { Overrides = [$"journal.connection-string={given}"] });
        Assert.Equal(given, configuration.Settings.Journal.ConnectionString);
        Assert.Contains(HoconWriter.Scalar(expected), configuration.Render(), StringComparison.Ordinal);
        Assert.DoesNotContain(configuration.Entries, entry => entry.Value.Contains("s3cr", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres://me@host/db", "postgres://me:word@host:5432/db", "word")]
    [InlineData("postgres://me@host/db", "Host=host;Username=me;Database=db;Password=word", "word")]
    [InlineData("postgres://me@host/db", "postgres://other:word@host/db", null)]
    [InlineData("postgres://me@host/db", "postgres://me:word@elsewhere/db", null)]
    [InlineData("postgres://me@host/db", "", null)]
    public void It_is_put_back_where_it_is_given_for_the_same_database_and_user(string stored, string given, string? password) =>
        Assert.Equal(
            password is null ? stored : $"Host=host;Database=db;Username=me;Password={password}",
            ConnectionSecret.Restore(stored, given)
        );

    public void Dispose() => _folder.Dispose();
}
