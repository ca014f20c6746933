using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Hosting;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Nodes;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Tests.Engines;

/// <summary>A whole run on a server that fails on a third of the requests.</summary>
public sealed class RemoteEngineRunTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder _folder = new();

    private static readonly (int Status, string Body)[] Faults =
    [
        (200, "<html>busy</html>"),
        (200, """{"choices":[]}"""),
        (200, """{"choices":[{"token_ids":[1,2],"logprobs":{"token_logprobs":[-1]},"finish_reason":"stop"}]}"""),
        (200, """{"choices":[{"token_ids":[9999999],"logprobs":{"token_logprobs":[-1]},"finish_reason":"stop"}]}"""),
        (200, """{"choices":[{"token_ids":[1],"logprobs":{"token_logprobs":[null]},"finish_reason":"stop"}]}"""),
        (400, """{"error":"no"}"""),
        (503, ""),
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_completes_with_the_rollouts_that_the_server_sampled_and_with_no_others()
    {
        string model = Path.Combine(AppContext.BaseDirectory, "models", "symbol-rules");
        var backend = new PolicyBackend(model, new EngineSettings { Slots = 16 }, new LearnerSettings());
        await using InferenceServer server = await InferenceServer.StartAsync(backend.CreateEngine(0, isolateRequests: false));
        (int requests, int injected) = (0, 0);
        server.Fault = async context =>
        {
            // The first requests are the check of the server.
            int number = Interlocked.Increment(ref requests);
            if (number <= 6 || number % 3 != 0)
            {
                return false;
            }

            (int status, string body) = Faults[Interlocked.Increment(ref injected) % Faults.Length];
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
            return true;
        };
        ServiceProvider provider = new ServiceCollection()
            .AddSingleton(
                new ProtocolTimings
                {
                    Beat = TimeSpan.FromMilliseconds(10),
                    Tick = TimeSpan.FromMilliseconds(10),
                    Repeat = TimeSpan.FromSeconds(2),
                    FirstPause = TimeSpan.FromMilliseconds(20),
                    LongestPause = TimeSpan.FromMilliseconds(100),
                }
            )
            .AddIcpo(Configuration(server))
            .BuildServiceProvider();
        await using (provider)
        {
            IIcpoRun run = await provider.GetRequiredService<IIcpoRuns>().StartAsync();
            RunSummary summary = await run.Completion.WaitAsync(Deadline);
            Assert.Equal("completed", summary.State);
            Assert.True(summary.LedgerCloses);
        }

        var journal = RunJournal.Open(_folder.In("run"));
        Assert.Empty(JournalAudit.Check(journal).Faults);
        Rollout[] trained =
        [
            .. journal.Events.OfType<GroupAdmittedEvent>().Select(journal.Read).SelectMany(group => group.Members).Select(m => m.Rollout),
        ];
        Assert.NotEmpty(trained);
        Assert.All(trained, rollout => Assert.Contains(server.Sampled, sequence => Begins(sequence, rollout)));
        Assert.True(injected > 20, $"{injected} faults in {requests} requests");
    }

    /// <summary>True if a rollout is what the server sampled, to the last bit, perhaps cut by a stop string.</summary>
    private static bool Begins(GeneratedSequence sequence, Rollout rollout) =>
        sequence.Tokens.Length >= rollout.Tokens.Length
        && sequence.Tokens.AsSpan()[..rollout.Tokens.Length].SequenceEqual(rollout.Tokens.AsSpan())
        && sequence.LogProbs.AsSpan()[..rollout.Tokens.Length].SequenceEqual(rollout.LogProbs.AsSpan());

    private IcpoConfiguration Configuration(InferenceServer server) =>
        IcpoConfiguration.Load(
            new ConfigurationSources
            {
                Code =
                [
                    new("run.directory", _folder.In("run")),
                    new("run.updates", "3"),
                    new("engine.kind", "openai"),
                    new("engine.slots", "8"),
                    new("engine.openai.servers", $"[\"{server.Url}\"]"),
                    new("admission.max-staleness", "10"),
                    new("group.groups-per-update", "4"),
                    new("evaluation.final-questions", "20"),
                    new("evaluation.every", "0"),
                ],
            }
        );
}
