using Akka.Actor;
using Akka.Hosting;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Hosting;
using ICPO.Actors.Nodes;
using ICPO.Actors.Runs;
using ICPO.Actors.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ICPO.Actors.Tests.Runs;

/// <summary>Whole runs whose engines hang or take long to load.</summary>
public sealed class StallTests : RunTest
{
    [Fact]
    public async Task An_engine_that_hangs_ends_the_run_with_an_error_that_names_it()
    {
        var backend = new HashBackend { BeforeSampling = (_, _) => new TaskCompletionSource().Task };
        await using ServiceProvider services = Services(
            "run",
            backend,
            new("admission.lease-timeout", "500ms"),
            new("admission.stall-timeout", "5s")
        );
        IIcpoRun run = await services.GetRequiredService<IIcpoRuns>().StartAsync();
        Exception error = await Assert.ThrowsAsync<RunFailedException>(() => run.Completion.WaitAsync(Far));
        Assert.Contains("engine-0", error.Message, StringComparison.Ordinal);
        Assert.Contains("admission.stall-timeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_models_take_long_to_load_still_answers()
    {
        var loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var loaded = new ManualResetEventSlim();
        var backend = new HashBackend
        {
            OnCreate = () =>
            {
                loading.TrySetResult();
                loaded.Wait(Far);
            },
        };
        await using ServiceProvider services = Services("run", backend);
        RunContext plan = services.GetRequiredService<RunFactory>().Create();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("app", akka => akka.WithIcpo(plan));
        using IHost host = builder.Build();
        await host.StartAsync();
        await loading.Task.WaitAsync(Far);
        ActorSelection run = host.Services.GetRequiredService<ActorSystem>().ActorSelection($"/user/icpo-{plan.Settings.RunId}");
        Assert.NotNull((await run.Ask<ActorIdentity>(new Identify("beats"), Far)).Subject);
        loaded.Set();
        Assert.Equal("completed", (await plan.Run.Completion.WaitAsync(Far)).State);
        await host.StopAsync();
    }

    private ServiceProvider Services(string name, IPolicyBackend backend, params KeyValuePair<string, string>[] settings) =>
        Services(
            [
                new("run.directory", Folder.In(name)),
                new("run.updates", "2"),
                new("evaluation.at-start", "false"),
                new("evaluation.at-end", "false"),
                .. settings,
            ],
            backend,
            services =>
                services.AddSingleton(
                    new ProtocolTimings
                    {
                        Beat = TimeSpan.FromMilliseconds(10),
                        Tick = TimeSpan.FromMilliseconds(10),
                        Repeat = TimeSpan.FromMilliseconds(20),
                    }
                )
        );
}
