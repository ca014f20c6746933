using System.Diagnostics;
using ICPO.Actors.Composition;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using TestSupport;

namespace ICPO.Actors.Benchmarks;

/// <summary>How long decoding stands still while an engine takes new weights: the longest time between two decode steps, as seen from
/// outside, without and with a swap.</summary>
internal static class Swapping
{
    private const int Sequences = 64;
    private const int PromptTokens = 16;
    private const int MaxContext = 1024;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async IAsyncEnumerable<Measurement> MeasureAsync(int repeats)
    {
        using Decoder bundled = ModelSource.Open(BundledModel.Path).Load();
        using Decoder larger = new Decoder(Shape.Medium.Config).Initialize(1);
        foreach ((string name, Decoder decoder) in new[] { ("bundled model", bundled), (Shape.Medium.Name, larger) })
        {
            foreach (SwapMode mode in new[] { SwapMode.Pause, SwapMode.Beside })
            {
                (double Step, double Without, double With)[] gaps = await GapsAsync(decoder, mode, repeats);
                string what = $"{name}, swap = {(mode == SwapMode.Pause ? "pause" : "beside")}";
                yield return new Measurement($"decode step, {what}", "ms", [.. gaps.Select(gap => gap.Step)]);
                yield return new Measurement($"longest gap without a swap, {what}", "ms", [.. gaps.Select(gap => gap.Without)]);
                yield return new Measurement($"longest gap with a swap, {what}", "ms", [.. gaps.Select(gap => gap.With)]);
                double[] pauses = [.. gaps.Select(gap => Math.Max(0, gap.With - gap.Without) / gap.Step)];
                yield return new Measurement($"pause in decode steps, {what}", "×", pauses, mode == SwapMode.Beside ? 1 : null)
                {
                    IsLimit = true,
                };
            }
        }
    }

    private static async Task<(double Step, double Without, double With)[]> GapsAsync(Decoder decoder, SwapMode mode, int repeats)
    {
        using var folder = new TemporaryFolder();
        string path = folder.In("policy.safetensors");
        WrittenFile written = SafetensorsWriter.Write(path, Shape.Weights(decoder));
        var snapshot = new PolicySnapshot(new(1), default, path, written.Sha256, written.Length);
        int context = Math.Min(MaxContext, decoder.Config.MaxPositionEmbeddings);
        await using var engine = new GenerationEngine(
            decoder.Config,
            Shape.Weights(decoder),
            new NoText(decoder.Config.VocabSize),
            new EngineSettings
            {
                Slots = Sequences,
                Context = context,
                Swap = mode,
            },
            new EngineOptions("benchmark")
        );
        List<(double, double, double)> gaps = [];
        for (int repeat = 0; repeat <= repeats; repeat++)
        {
            using var end = new CancellationTokenSource();
            long before = engine.Steps;
            Task running = DecodeAsync(engine, context, end.Token);
            await UntilAsync(() => engine.Steps > before + 5);
            (double step, double without) = Watch(engine, () => Task.Delay(Window));
            (_, double with) = Watch(engine, () => engine.SwapAsync(snapshot, CancellationToken.None));
            await end.CancelAsync();
            await running;

            // The first one also allocates the second set.
            if (repeat > 0)
            {
                gaps.Add((step, without, with));
            }
        }

        return [.. gaps];
    }

    /// <summary>The mean and the longest time between two steps in ms, until the work and two more steps are done.</summary>
    private static (double Mean, double Longest) Watch(GenerationEngine engine, Func<Task> work)
    {
        Task doing = work();
        long first = engine.Steps,
            seen = first,
            last = long.MaxValue;
        long begun = Stopwatch.GetTimestamp(),
            since = begun;
        double longest = 0;
        while (seen < last)
        {
            // Looks often, without taking the processor from the engine.
            Thread.Sleep(1);
            if (Stopwatch.GetElapsedTime(since) > Deadline)
            {
                throw new TimeoutException($"The engine has not decoded for {Deadline.TotalSeconds:0} s.");
            }

            long steps = engine.Steps;
            if (doing.IsCompleted && last == long.MaxValue)
            {
                last = steps + 2;
            }

            if (steps == seen)
            {
                continue;
            }

            long now = Stopwatch.GetTimestamp();
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(since, now).TotalMilliseconds / (steps - seen));
            (seen, since) = (steps, now);
        }

        doing.GetAwaiter().GetResult();
        return (Stopwatch.GetElapsedTime(begun, since).TotalMilliseconds / (seen - first), longest);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (Stopwatch.GetElapsedTime(begun) > Deadline)
            {
                throw new TimeoutException($"The engine has not decoded for {Deadline.TotalSeconds:0} s.");
            }

            await Task.Delay(1);
        }
    }

    /// <summary>Decodes until the end, one request after the other: a small model is done with one in less than the window.</summary>
    private static async Task DecodeAsync(GenerationEngine engine, int context, CancellationToken end)
    {
        var request = new GenerationRequest(
            [.. Enumerable.Range(1, PromptTokens)],
            [.. Enumerable.Range(0, Sequences).Select(seed => (ulong)seed)],
            new SamplerSettings { MaxTokens = context - PromptTokens }
        );
        try
        {
            while (!end.IsCancellationRequested)
            {
                await foreach (GeneratedSequence _ in engine.GenerateAsync(request, end)) { }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // What was measured is measured.
        }
    }
}
