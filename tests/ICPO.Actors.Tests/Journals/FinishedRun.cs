using System.Text.Json;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Hosting;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Journals;

/// <summary>Real runs on SQLite whose weights are hashes, and hands on their files.</summary>
internal static class FinishedRun
{
    public static readonly TimeSpan Far = TimeSpan.FromMinutes(2);

    /// <summary>Asynchronous (η = 1), six updates of two groups, with groups that are turned down.</summary>
    public static async Task<string> MakeAsync(string directory, params KeyValuePair<string, string>[] settings)
    {
        IIcpoRun run = await StartAsync(directory, settings);
        Assert.Equal("completed", (await run.Completion.WaitAsync(Far)).State);
        return directory;
    }

    public static Task<IIcpoRun> StartAsync(string directory, KeyValuePair<string, string>[] settings, HashBackend? backend = null) =>
        Services(backend, [.. settings, new("run.directory", directory)]).GetRequiredService<IIcpoRuns>().StartAsync();

    public static ServiceProvider Services(HashBackend? backend = null, params KeyValuePair<string, string>[] settings) =>
        Add(new ServiceCollection(), backend, settings).BuildServiceProvider();

    public static IServiceCollection Add(
        IServiceCollection services,
        HashBackend? backend = null,
        params KeyValuePair<string, string>[] settings
    ) =>
        services
            .AddSingleton<ITask, ParityTask>()
            .AddSingleton<IVerifier, ParityVerifier>()
            .AddSingleton<IPolicyBackend>(backend ?? new HashBackend())
            .AddIcpo(
                IcpoConfiguration.Load(
                    new ConfigurationSources
                    {
                        Code =
                        [
                            new("run.updates", "6"),
                            new("group.policy-rollouts", "3"),
                            new("group.groups-per-update", "2"),
                            new("group.dynamic-sampling", "true"),
                            new("evaluation.final-questions", "4"),
                            new("evaluation.every", "0"),
                            new("engine.count", "1"),
                            new("checkpoint.every", "2"),
                            .. settings,
                        ],
                    }
                )
            );

    /// <summary>What the run's last checkpoint holds.</summary>
    public static string Weights(string directory) => File.ReadAllText(Path.Combine(directory, "checkpoints", "update-000006", "state"));

    /// <summary>Changes the journal as no run would.</summary>
    public static void Change(string directory, string statement, params (string Name, object Value)[] values)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = new RunDirectory(directory).Journal, Pooling = false }.ToString()
        );
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        foreach ((string name, object value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        Assert.True(command.ExecuteNonQuery() > 0);
    }

    public static void Own(string directory, RunOwner owner) =>
        File.WriteAllText(
            new RunDirectory(directory).Owner,
            JsonSerializer.Serialize(owner, new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower })
        );
}
