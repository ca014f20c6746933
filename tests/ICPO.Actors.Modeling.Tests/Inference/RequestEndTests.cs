using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using static ICPO.Actors.Modeling.Tests.Inference.Engines;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Requests that end before all their sequences are complete.</summary>
public sealed class RequestEndTests
{
    [Fact]
    public async Task Cancelling_a_request_frees_its_slots_for_the_next()
    {
        using Decoder decoder = Models.Random(Config, 10);
        await using GenerationEngine engine = Engine(decoder, slots: 4);
        for (int round = 0; round < 5; round++)
        {
            using CancellationTokenSource cancel = new();
            Task<GeneratedSequence[]> hogs = CollectAsync(
                engine,
                Request(1, 4, 4000, new SamplerSettings { MaxTokens = 390 }),
                cancel.Token
            );
            Task<GeneratedSequence[]> next = CollectAsync(engine, Request(2, 4, 4, new SamplerSettings { MaxTokens = 3 }), Deadline);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hogs);
            Assert.Equal(4, (await next).Length);
        }
    }

    [Fact]
    public async Task A_reader_that_leaves_frees_the_slots_too()
    {
        using Decoder decoder = Models.Random(Config, 10);
        await using GenerationEngine engine = Engine(decoder, slots: 2);
        await foreach (GeneratedSequence _ in engine.GenerateAsync(Request(1, 4, 4000, new SamplerSettings { MaxTokens = 390 }), Deadline))
        {
            break;
        }

        Assert.Equal(2, (await CollectAsync(engine, Request(2, 4, 2, new SamplerSettings { MaxTokens = 3 }), Deadline)).Length);
    }

    [Fact]
    public async Task Disposing_ends_open_and_later_requests_in_ObjectDisposedException()
    {
        using Decoder decoder = Models.Random(Config, 11);
        GenerationEngine engine = Engine(decoder, slots: 2);
        Task<GeneratedSequence[]> open = CollectAsync(engine, Request(1, 4, 4000, new SamplerSettings { MaxTokens = 390 }), Deadline);
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => open);
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            CollectAsync(engine, Request(2, 4, 1, new SamplerSettings { MaxTokens = 64 }), Deadline)
        );
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
            engine.SwapAsync(new PolicySnapshot(new(1), default, "x", "", 0), Deadline)
        );
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_failure_on_the_thread_ends_every_request_with_its_cause()
    {
        using Decoder decoder = Models.Random(Config, 12);
        using (IDisposable gradients = no_grad())
        {
            decoder.get_parameter("model.norm.weight")!.fill_(double.NaN);
        }

        await using GenerationEngine engine = Engine(decoder, slots: 2);
        Task<GeneratedSequence[]>[] requests =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(seed => CollectAsync(engine, Request(seed, 4, 3, new SamplerSettings { MaxTokens = 64 }), Deadline)),
        ];
        foreach (Task<GeneratedSequence[]> request in requests)
        {
            await Assert.ThrowsAsync<ArithmeticException>(() => request);
        }

        await Assert.ThrowsAsync<ArithmeticException>(() =>
            CollectAsync(engine, Request(9, 4, 1, new SamplerSettings { MaxTokens = 64 }), Deadline)
        );
    }
}
