using Akka.Actor;
using ICPO.Actors.Buffering;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Faults;
using ICPO.Actors.Hosting;
using ICPO.Actors.Progress;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Buffering;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Journals;

/// <summary>Runs whose journal is on a real server that fails and comes back.</summary>
public sealed class PostgresTests : IAsyncLifetime
{
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();
    private PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        _server = await PostgresServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Runs_that_share_a_server_end_as_if_each_had_a_file_of_its_own()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        IIcpoRun[] runs = await Task.WhenAll(
            StartAsync("first", ("journal.connection-string", _server!.Uri)),
            StartAsync("second", ("journal.connection-string", _server.ConnectionString))
        );
        Assert.All(await Task.WhenAll(runs.Select(WeightsAsync)), weights => Assert.Equal(alone, weights));
        Assert.Equal(2, (await _server.QueryAsync("select distinct persistence_id from journal")).Length);
        Assert.False(File.Exists(new RunDirectory(_folder.In("first")).Journal));
    }

    [Fact]
    public async Task A_run_that_is_stopped_goes_on_from_the_server()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        var held = new Held(at: 3);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", _server!.Uri));
        await held.Reached.WaitAsync(Far);
        Task stop = run.StopAsync();
        held.GoOn();
        await stop.WaitAsync(Far);
        Assert.Equal("stopped", (await run.Completion).State);
        IIcpoRun again = await Services(new HashBackend()).GetRequiredService<IIcpoRuns>().ResumeAsync(_folder.In("run"));
        Assert.Equal(alone, await WeightsAsync(again));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_goes_away_in_the_middle_is_waited_for_and_nothing_is_lost_or_done_twice(bool killed)
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        var held = new Held(at: 2);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", _server!.Uri));
        await held.Reached.WaitAsync(Far);
        await (killed ? _server.KillAsync() : _server.DownAsync());
        held.GoOn();
        List<string> said = [];
        await foreach (RunProgress look in run.ProgressAsync())
        {
            if (look.Message is { } message && (said.Count == 0 || said[^1] != message))
            {
                said.Add(message);
                if (Names(message) && said.Count(Names) == 1)
                {
                    await _server.UpAsync();
                }
            }
        }

        // One message when the server stops answering, one when it answers again.
        Assert.True(said.Count(Names) >= 2, string.Join('\n', said));
        Assert.Equal(alone, await WeightsAsync(run));
        string[] numbers = await _server.QueryAsync("select sequence_number from journal order by sequence_number");
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(number => $"{number}"), numbers);
    }

    [Fact]
    public async Task Groups_that_are_under_way_whenever_the_server_is_killed_are_there_once()
    {
        const int Groups = 3000;
        using (
            var buffer = new JournalledBuffer(
                _folder,
                new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 100),
                connection: _server!.ConnectionString
            )
        )
        {
            for (int id = 0; id < Groups; id++)
            {
                buffer.Actor.Tell(new AdmitGroup(Make.Group(id)));
            }

            for (int id = 0; id < Groups; id++)
            {
                Assert.Equal(id, buffer.Dispatcher.ExpectMsg<GroupAdmitted>().Group.Value);
                if (id % 1000 == 10)
                {
                    await _server.KillAsync();
                    await _server.UpAsync();
                }
            }
        }

        using (var buffer = new JournalledBuffer(_folder, connection: _server.ConnectionString))
        {
            Assert.Equal((Groups, (long)Groups), (buffer.Recovered.Buffered, buffer.Recovered.Ledger.GroupsAdmitted));
            Assert.Equal([$"{Groups + 2}"], await _server.QueryAsync("select count(*) from journal"));
        }
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_not_made_again()
    {
        using var proxy = new LossyProxy(_server!.Port);
        using var buffer = new JournalledBuffer(
            _folder,
            new BufferSettings(Durable: false, HardStalenessBound: null, SnapshotEvery: 100),
            connection: PostgresServer.Through(proxy.Port)
        );
        for (int id = 0; id < 3; id++)
        {
            proxy.LoseNextCommit();
            buffer.Admit(Make.Group(id));
            Assert.Equal(id + 1, proxy.Lost);
        }

        Assert.Equal(["1", "2", "3", "4"], await _server.QueryAsync("select sequence_number from journal order by ordering"));
    }

    [Fact]
    public async Task A_run_waits_for_a_server_that_is_not_there_yet()
    {
        await _server!.DownAsync();
        IIcpoRun run = await StartAsync("run", ("journal.connection-string", _server.Uri));
        bool up = false;
        await foreach (RunProgress look in run.ProgressAsync())
        {
            if (!up && Names(look.Message))
            {
                await _server.UpAsync();
                up = true;
            }
        }

        Assert.Equal("completed", (await run.Completion.WaitAsync(Far)).State);
    }

    [Fact]
    public async Task A_server_that_goes_away_after_it_was_reached_and_before_it_was_read_is_waited_for()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        var faults = FaultPoints.Parse(FaultPoints.JournalReached, () => _server!.DownAsync().GetAwaiter().GetResult());
        IIcpoRun run = await Services(
                new HashBackend(),
                faults,
                ("journal.connection-string", _server!.Uri),
                ("run.directory", _folder.In("run"))
            )
            .GetRequiredService<IIcpoRuns>()
            .StartAsync();
        Assert.True(await UpWhenMissedAsync(run));
        Assert.Equal(alone, await WeightsAsync(run));
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_the_server_is_away_ends_at_once_and_goes_on_when_it_is_back()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        var held = new Held(at: 2);
        IIcpoRun run = await StartAsync(
            "run",
            held.Backend,
            ("journal.connection-string", _server!.Uri),
            ("shutdown.stop-timeout", "1h"),
            ("journal.outage-timeout", "1h")
        );
        await held.Reached.WaitAsync(Far);
        await _server.KillAsync();
        held.GoOn();
        await MissedAsync(run);
        RunFailedException error = await Assert.ThrowsAsync<RunFailedException>(() => run.StopAsync().WaitAsync(Far));
        Assert.DoesNotContain("--", error.Message, StringComparison.Ordinal);

        // Before anything was read, too.
        IIcpoRun early = await Services(new HashBackend()).GetRequiredService<IIcpoRuns>().ResumeAsync(_folder.In("run"));
        await MissedAsync(early);
        await Assert.ThrowsAsync<RunFailedException>(() => early.StopAsync().WaitAsync(Far));
        await _server.UpAsync();
        Assert.Equal(
            alone,
            await WeightsAsync(await Services(new HashBackend()).GetRequiredService<IIcpoRuns>().ResumeAsync(_folder.In("run")))
        );
    }

    [Fact]
    public async Task A_password_is_not_written_down_and_has_to_be_given_again()
    {
        const string Password = "ab3:@cd/9";
        await _server!.QueryAsync($"create role careful superuser login password '{Password}'");
        await _server.DemandPasswordsAsync();
        string with = $"postgres://careful:{Uri.EscapeDataString(Password)}@127.0.0.1:{_server.Port}/postgres?Timeout=5";
        var held = new Held(at: 2);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", with));
        await held.Reached.WaitAsync(Far);
        Task stop = run.StopAsync();
        held.GoOn();
        await stop.WaitAsync(Far);
        foreach (string file in Directory.EnumerateFiles(_folder.In("run"), "*", SearchOption.AllDirectories))
        {
            string text = await File.ReadAllTextAsync(file);
            Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(Password), text, StringComparison.Ordinal);
        }

        IIcpoRun without = await Services(new HashBackend()).GetRequiredService<IIcpoRuns>().ResumeAsync(_folder.In("run"));
        string message = (await Assert.ThrowsAsync<RunFailedException>(() => without.Completion.WaitAsync(Far))).Message;
        Assert.Contains("PGPASSWORD", message, StringComparison.Ordinal);
        Assert.Contains(
            "PGPASSWORD",
            Assert.Throws<IOException>(() => RunJournal.Open(_folder.In("run"))).Message,
            StringComparison.Ordinal
        );
        IIcpoRun again = await Services(new HashBackend(), ("journal.connection-string", with))
            .GetRequiredService<IIcpoRuns>()
            .ResumeAsync(_folder.In("run"));
        Assert.Equal("completed", (await again.Completion.WaitAsync(Far)).State);
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_the_run_which_goes_on_when_it_is_back()
    {
        string alone = await WeightsAsync(await StartAsync("alone"));
        var held = new Held(at: 2);
        IIcpoRun run = await StartAsync("run", held.Backend, ("journal.connection-string", _server!.Uri), ("journal.outage-timeout", "5s"));
        await held.Reached.WaitAsync(Far);
        await _server.KillAsync();
        held.GoOn();
        RunFailedException error = await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
        Assert.Contains("journal.outage-timeout", error.Message, StringComparison.Ordinal);
        await _server.UpAsync();
        Assert.Equal(
            alone,
            await WeightsAsync(await Services(new HashBackend()).GetRequiredService<IIcpoRuns>().ResumeAsync(_folder.In("run")))
        );
    }

    [Fact]
    public async Task A_missing_database_and_a_run_id_in_use_fail_at_once()
    {
        IIcpoRun run = await StartAsync("wrong", ("journal.connection-string", _server!.Uri.Replace("/postgres?", "/nowhere?")));
        Assert.Contains(
            "nowhere",
            (await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far))).Message,
            StringComparison.Ordinal
        );

        (string, string)[] named = [("journal.connection-string", _server.Uri), ("run.id", "mine")];
        Assert.Equal("completed", (await (await StartAsync("first", named)).Completion.WaitAsync(Far)).State);
        IIcpoRun taken = await StartAsync("second", named);
        Assert.Contains(
            "run.id",
            (await Assert.ThrowsAsync<RunFailedException>(() => taken.Completion.WaitAsync(Far))).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A learner that blocks before an update until a test releases it.</summary>
    private sealed class Held(long at)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public HashBackend Backend =>
            new()
            {
                BeforeUpdate = batch =>
                {
                    if (batch.From.Value != at)
                    {
                        return Task.CompletedTask;
                    }

                    _reached.TrySetResult();
                    return _goOn.Task;
                },
            };

        public void GoOn() => _goOn.SetResult();
    }

    /// <summary>Whether a message is about the server.</summary>
    private bool Names(string? message) => message?.Contains($":{_server!.Port}", StringComparison.Ordinal) == true;

    /// <summary>Returns when the run reports that its server does not answer.</summary>
    private async Task<bool> MissedAsync(IIcpoRun run)
    {
        await foreach (RunProgress look in run.ProgressAsync())
        {
            if (Names(look.Message))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> UpWhenMissedAsync(IIcpoRun run)
    {
        bool missed = await MissedAsync(run);
        await _server!.UpAsync();
        return missed;
    }

    private static async Task<string> WeightsAsync(IIcpoRun run)
    {
        Assert.True((await run.Completion.WaitAsync(Far)).LedgerCloses);
        return await File.ReadAllTextAsync(Path.Combine(run.ModelDirectory, "state"));
    }

    private Task<IIcpoRun> StartAsync(string name, params (string Key, string Value)[] settings) =>
        StartAsync(name, new HashBackend(), settings);

    private Task<IIcpoRun> StartAsync(string name, HashBackend backend, params (string Key, string Value)[] settings) =>
        Services(backend, [.. settings, ("run.directory", _folder.In(name))]).GetRequiredService<IIcpoRuns>().StartAsync();

    private static ServiceProvider Services(HashBackend backend, params (string Key, string Value)[] settings) =>
        Services(backend, FaultPoints.None, settings);

    private static ServiceProvider Services(HashBackend backend, FaultPoints faults, params (string Key, string Value)[] settings) =>
        new ServiceCollection()
            .AddSingleton(faults)
            .AddSingleton<ITask>(new ParityTask())
            .AddSingleton<IVerifier>(new ParityVerifier())
            .AddSingleton<IPolicyBackend>(backend)
            .AddIcpo(
                IcpoConfiguration.Load(
                    new ConfigurationSources
                    {
                        Code =
                        [
                            new("run.updates", "6"),
                            new("group.policy-rollouts", "3"),
                            new("group.groups-per-update", "2"),
                            new("admission.max-staleness", "0"),
                            new("checkpoint.every", "2"),
                            new("evaluation.final-questions", "4"),
                            new("evaluation.every", "0"),
                            new("engine.count", "1"),
                            .. settings.Select(setting => new KeyValuePair<string, string>(setting.Key, setting.Value)),
                        ],
                    }
                )
            )
            .BuildServiceProvider();
}
