using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Transformer;
using static ICPO.Actors.Modeling.Tests.Inference.Engines;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>New weights while an engine generates.</summary>
public sealed class WeightSwapTests
{
    [Fact]
    public async Task A_swap_in_flight_shows_as_a_later_version_and_siblings_yet_to_start_are_wholly_of_it()
    {
        using Decoder old = Models.Random(Config, 4),
            next = Models.Random(Config, 5);
        using TemporaryFolder folder = new();
        await using GenerationEngine engine = Engine(old, slots: 8, version: 7);
        PolicySnapshot snapshot = Publish(next, folder.In("policy-8.safetensors"), 8);

        // Far more siblings than a swap takes time for, of lengths that differ: at any step some are half-way.
        GenerationRequest request = Request(1, 4, 20_000, new SamplerSettings { MaxTokens = 60, StopTokens = [5] });
        List<GeneratedSequence> sequences = [];
        await foreach (GeneratedSequence sequence in engine.GenerateAsync(request, Deadline))
        {
            sequences.Add(sequence);
            if (sequences.Count == 1)
            {
                await engine.SwapAsync(snapshot, Deadline);
                Assert.Equal(new PolicyVersion(8), engine.Version);
            }

            if (sequence.Versions[0] == 8)
            {
                break;
            }
        }

        Assert.All(sequences, sequence => Assert.Equal(sequence.Versions.Order(), sequence.Versions));
        GeneratedSequence across = sequences.First(sequence => sequence.Versions is [7, .., 8]),
            fresh = sequences[^1];
        int before = across.Versions.Count(version => version == 7);
        Fixtures.Close(
            Score(old, request, across).AsSpan(0, before),
            [.. across.LogProbs.Take(before).Select(value => (double)value)],
            1e-4,
            "log μ before the swap"
        );
        Fixtures.Close(
            Score(next, request, fresh),
            [.. fresh.LogProbs.Select(value => (double)value)],
            1e-4,
            "log μ of a sibling started after the swap"
        );
    }

    [Fact]
    public async Task A_bad_weights_file_is_refused_and_the_old_weights_stay()
    {
        using Decoder decoder = Models.Random(Config, 6),
            other = Models.Random(Models.Shapes[2], 6);
        using TemporaryFolder folder = new();
        await using GenerationEngine engine = Engine(decoder, slots: 2, version: 3);
        PolicySnapshot good = Publish(decoder, folder.In("good.safetensors"), 4),
            misfit = Publish(other, folder.In("misfit.safetensors"), 4);
        File.WriteAllBytes(folder.In("cut.safetensors"), File.ReadAllBytes(good.Path)[..^8]);
        File.WriteAllText(folder.In("text.safetensors"), "not weights at all");
        PolicySnapshot[] bad =
        [
            good with
            {
                Sha256 = new string('0', 64),
            },
            good with
            {
                Path = folder.In("cut.safetensors"),
            },
            good with
            {
                Path = folder.In("absent.safetensors"),
            },
            Snapshot(folder.In("text.safetensors"), 4),
            misfit,
        ];
        foreach (PolicySnapshot snapshot in bad)
        {
            InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => engine.SwapAsync(snapshot, Deadline));
            Assert.Contains(snapshot.Path, refused.Message, StringComparison.Ordinal);
        }

        GenerationRequest request = Request(1, 4, 2, new SamplerSettings { MaxTokens = 5 });
        foreach (GeneratedSequence sequence in await CollectAsync(engine, request, Deadline))
        {
            Assert.All(sequence.Versions, version => Assert.Equal(3, version));
            Fixtures.Close(Score(decoder, request, sequence), [.. sequence.LogProbs.Select(value => (double)value)], 1e-4, "log μ");
        }
    }
}
