using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>Swaps while sequences are decoded: into place, or into a second set of tensors.</summary>
public sealed class EngineSwapTests : IDisposable
{
    private static readonly DecoderConfig Config = Models.Shapes[0];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SwapMode.Pause, ScalarType.Float32)]
    [InlineData(SwapMode.Beside, ScalarType.Float32)]
    [InlineData(SwapMode.Beside, ScalarType.BFloat16)]
    [InlineData(SwapMode.Auto, ScalarType.Float32)]
    public async Task An_engine_that_swapped_while_it_decoded_samples_bit_for_bit_as_one_that_began_with_these_weights(
        SwapMode mode,
        ScalarType dtype
    )
    {
        using Decoder first = Models.Random(Config, 4),
            second = Models.Random(Config, 5);
        PolicySnapshot[] published = [Publish(first, 1), Publish(second, 2), Publish(first, 3), Publish(second, 4)];
        await using GenerationEngine engine = Engine(first, mode, dtype),
            one = Engine(first, mode, dtype),
            other = Engine(second, mode, dtype);
        string[] expected = [await SampleAsync(one), await SampleAsync(other)];
        Assert.NotEqual(expected[0], expected[1]);
        foreach (PolicySnapshot snapshot in published)
        {
            await using (IAsyncEnumerator<GeneratedSequence> busy = await BusyAsync(engine))
            {
                await engine.SwapAsync(snapshot, Deadline);
                Assert.Equal(snapshot.Version, engine.Version);
            }

            Assert.Equal(expected[1 - (snapshot.Version.Value % 2)], await SampleAsync(engine));
        }
    }

    [Theory]
    [InlineData(InFlightMode.Continue)]
    [InlineData(InFlightMode.Recompute)]
    [InlineData(InFlightMode.Wait)]
    public async Task Sequences_in_flight_take_new_weights_as_configured(InFlightMode mode)
    {
        using Decoder first = Models.Random(Config, 4),
            second = Models.Random(Config, 5);
        await using GenerationEngine engine = Engine(first, SwapMode.Beside, ScalarType.Float32, mode);
        PolicySnapshot published = Publish(second, 1);
        int[] prompt = [1, 2, 3];
        var request = new GenerationRequest([.. prompt], [11, 12], new SamplerSettings { MaxTokens = Config.MaxPositionEmbeddings - 8 });
        CancellationToken deadline = Deadline;
        await using IAsyncEnumerator<GeneratedSequence> sampling = engine.GenerateAsync(request, Deadline).GetAsyncEnumerator(Deadline);
        ValueTask<bool> next = sampling.MoveNextAsync();
        while (engine.Steps < 3)
        {
            deadline.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await engine.SwapAsync(published, deadline);
        List<GeneratedSequence> sequences = [];
        while (await next)
        {
            sequences.Add(sampling.Current);
            next = sampling.MoveNextAsync();
        }

        Assert.Equal(2, sequences.Count);
        foreach (GeneratedSequence sequence in sequences)
        {
            int swapped = sequence.Versions.IndexOf(1);
            if (mode is InFlightMode.Wait || swapped < 0)
            {
                Assert.All(sequence.Versions, version => Assert.Equal(0, version));
                continue;
            }

            // With its cache computed again, everything after the swap is as the new weights score it.
            double[] scored = LogProbs(second, prompt, sequence);
            double worst = scored.Zip(sequence.LogProbs).Skip(swapped).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.Equal(mode is InFlightMode.Recompute, worst < 1e-3);
        }
    }

    [Fact]
    public async Task A_file_that_does_not_fit_leaves_the_weights_in_use_and_the_next_swap_works()
    {
        using Decoder first = Models.Random(Config, 4),
            second = Models.Random(Config, 5),
            misfit = Models.Random(Models.Shapes[1], 6);
        await using GenerationEngine engine = Engine(first, SwapMode.Beside, ScalarType.Float32),
            other = Engine(second, SwapMode.Beside, ScalarType.Float32);
        (PolicySnapshot unfit, PolicySnapshot fit) = (Publish(misfit, 9), Publish(second, 2));
        string before = await SampleAsync(engine);
        await using (IAsyncEnumerator<GeneratedSequence> busy = await BusyAsync(engine))
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => engine.SwapAsync(unfit, Deadline));
        }

        Assert.Equal(before, await SampleAsync(engine));
        await using (IAsyncEnumerator<GeneratedSequence> busy = await BusyAsync(engine))
        {
            await engine.SwapAsync(fit, Deadline);
        }

        Assert.Equal(await SampleAsync(other), await SampleAsync(engine));
    }

    [Fact]
    public async Task A_swap_whose_cache_cannot_be_computed_again_fails_with_its_engine()
    {
        using Decoder decoder = Models.Random(Config, 4);
        EngineSettings settings = new() { Slots = 8, InFlight = InFlightMode.Recompute };
        var inner = DecodeSession.Open(Config, opened => opened.Weights.Load(Models.Weights(decoder), "swap"), settings, new("swap"));
        EngineOptions options = new("swap") { IsolateRequests = true };
        PolicySnapshot published = Publish(decoder, 1);
        await using GenerationEngine engine = new(new NoRecomputing(Config, inner), new NoTokenizer(), settings, options);
        await using IAsyncEnumerator<GeneratedSequence> busy = await BusyAsync(engine);

        // All sequences have the same length, so at one step in 20 all of them have ended and no cache has to be computed again.
        CancellationToken deadline = Deadline;
        await Assert.ThrowsAsync<ArithmeticException>(async () =>
        {
            while (true)
            {
                await engine.SwapAsync(published, deadline);
            }
        });
        await Assert.ThrowsAsync<ArithmeticException>(async () =>
        {
            while (await busy.MoveNextAsync()) { }
        });
    }

    [Fact]
    public async Task Swaps_that_are_asked_for_at_once_are_made_one_after_the_other()
    {
        using Decoder first = Models.Random(Config, 4),
            second = Models.Random(Config, 5);
        PolicySnapshot[] published = [.. Enumerable.Range(1, 8).Select(version => Publish(version % 2 == 0 ? first : second, version))];
        await using GenerationEngine engine = Engine(first, SwapMode.Beside, ScalarType.Float32);
        string[] expected = [await SampleAsync(engine), ""];
        await using (GenerationEngine other = Engine(second, SwapMode.Beside, ScalarType.Float32))
        {
            expected[1] = await SampleAsync(other);
        }

        await using (IAsyncEnumerator<GeneratedSequence> busy = await BusyAsync(engine))
        {
            await Task.WhenAll(published.Select(snapshot => engine.SwapAsync(snapshot, Deadline)));
        }

        Assert.Equal(expected[engine.Version.Value % 2], await SampleAsync(engine));
    }

    [Fact]
    public async Task An_engine_that_is_disposed_while_weights_are_loaded_ends_the_loading()
    {
        using Decoder decoder = Models.Random(Config, 4);
        PolicySnapshot snapshot = Publish(decoder, 1);
        for (int round = 0; round < 20; round++)
        {
            GenerationEngine engine = Engine(decoder, SwapMode.Beside, ScalarType.Float32);
            await using IAsyncEnumerator<GeneratedSequence> busy = await BusyAsync(engine);
            Task swap = engine.SwapAsync(snapshot, Deadline);
            await engine.DisposeAsync();
            await swap.WaitAsync(Deadline)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Assert.True(swap.IsCompletedSuccessfully || swap.Exception?.InnerException is ObjectDisposedException, $"{swap.Exception}");
        }
    }

    private static double[] LogProbs(Decoder decoder, int[] prompt, GeneratedSequence sequence)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        long[] all = [.. prompt.Select(token => (long)token), .. sequence.Tokens.Select(token => (long)token)];
        Tensor logProbs = decoder
            .Forward(tensor(all[..^1]).unsqueeze(0))[0]
            .log_softmax(-1)
            .narrow(0, prompt.Length - 1, sequence.Tokens.Length);
        return [.. logProbs.gather(-1, tensor(all[prompt.Length..]).unsqueeze(-1)).flatten().data<float>().Select(l => (double)l)];
    }

    private static GenerationEngine Engine(
        Decoder decoder,
        SwapMode mode,
        ScalarType dtype,
        InFlightMode inFlight = InFlightMode.Continue
    ) =>
        new(
            Config,
            Models.Weights(decoder),
            new NoTokenizer(),
            new EngineSettings
            {
                Slots = 8,
                Swap = mode,
                InFlight = inFlight,
            },
            new EngineOptions("swap") { IsolateRequests = true, Dtype = dtype }
        );

    /// <summary>Far more sequences than a swap takes time for; the engine decodes them until this is disposed.</summary>
    private static async Task<IAsyncEnumerator<GeneratedSequence>> BusyAsync(GenerationEngine engine)
    {
        var request = new GenerationRequest(
            [2, 3],
            [.. Enumerable.Range(0, 20_000).Select(seed => (ulong)seed)],
            new SamplerSettings { MaxTokens = 20 }
        );
        IAsyncEnumerator<GeneratedSequence> sequences = engine.GenerateAsync(request, Deadline).GetAsyncEnumerator();
        Assert.True(await sequences.MoveNextAsync());
        return sequences;
    }

    private static async Task<string> SampleAsync(GenerationEngine engine)
    {
        var request = new GenerationRequest([1, 4, 2], [11, 12, 13, 14], new SamplerSettings { MaxTokens = 20 });
        List<string> sequences = [];
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, Deadline))
        {
            string logProbs = string.Join(',', sequence.LogProbs.Select(BitConverter.SingleToInt32Bits));
            sequences.Add($"{sequence.Sibling}: {string.Join(',', sequence.Tokens)} {logProbs}");
        }

        return string.Join('\n', sequences.Order(StringComparer.Ordinal));
    }

    private PolicySnapshot Publish(Decoder decoder, long version)
    {
        string path = _folder.In($"policy-{version}.safetensors");
        WrittenFile written = SafetensorsWriter.Write(path, Models.Weights(decoder));
        return new PolicySnapshot(new PolicyVersion(version), default, path, written.Sha256, written.Length);
    }

    private sealed class NoTokenizer : ITokenizer
    {
        public int VocabularySize => Config.VocabSize;

        public int[] Encode(string text) => throw new NotSupportedException();

        public string Decode(ReadOnlySpan<int> tokens) => throw new NotSupportedException();
    }

    /// <summary>A session that fails when the tokens of a sequence beyond its prompt are computed again.</summary>
    private sealed class NoRecomputing(DecoderConfig config, DecodeSession inner) : DecodeSession(config, inner.Slots, inner.Context)
    {
        public override InferenceWeights Weights => inner.Weights;

        public override InferenceWeights Allocate() => inner.Allocate();

        public override void Use(InferenceWeights weights) => inner.Use(weights);

        public override ReadOnlySpan<float> Forward(ReadOnlySpan<Row> rows, ReadOnlySpan<int> wanted) =>
            rows.Length > 2 && wanted.Length == 1 && rows[^1].Position == rows.Length - 1
                ? throw new ArithmeticException("out of memory")
                : inner.Forward(rows, wanted);

        public override void CopyPrefix(int from, int to, int length) => inner.CopyPrefix(from, to, length);

        public override void Dispose() => inner.Dispose();
    }
}
