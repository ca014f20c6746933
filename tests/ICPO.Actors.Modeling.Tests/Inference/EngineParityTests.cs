using System.Text.Json;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Inference;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Inference;

/// <summary>The generation engine against values that Hugging Face transformers computed, over every directory there is.</summary>
public sealed class EngineParityTests
{
    private const double Single = 1e-4;

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Theory]
    [InlineData(DecodeSessionTests.Kind.Rows)]
    [InlineData(DecodeSessionTests.Kind.Tensors)]
    [InlineData(DecodeSessionTests.Kind.Gpu)]
    public void Logits_of_sequences_agree(DecodeSessionTests.Kind kind)
    {
        foreach (string directory in Directories())
        {
            using DisposeScope scope = NewDisposeScope();
            using Decoder decoder = HuggingFaceDirectory.Load(directory, CPU, ScalarType.Float32);
            using var values = SafetensorsFile.Open(Path.Combine(directory, "reference.safetensors"));
            using DecodeSession session = DecodeSessionTests.Create(kind, decoder.Config, 100, 100, ScalarType.Float32);
            session.Weights.Load(Models.Weights(decoder), directory);
            foreach (
                JsonElement sequence in Fixtures.Json(Path.Combine(directory, "reference.json")).GetProperty("sequences").EnumerateArray()
            )
            {
                int[] ids = Ints(sequence.GetProperty("input_ids"));
                ReadOnlySpan<float> logits = session.Forward(
                    [.. ids.Select((id, position) => new Row(id, 3, position))],
                    [.. Enumerable.Range(0, ids.Length)]
                );
                double[] expected = values.Read($"{sequence.Text("key")}.logits64").data<double>().ToArray();
                Fixtures.Close(
                    expected,
                    [.. logits.ToArray().Select(l => (double)l)],
                    Single,
                    $"{session.GetType().Name} {directory} {sequence.Text("key")}"
                );
            }
        }
    }

    [Fact]
    public async Task Greedy_tokens_agree_and_end_where_the_model_ends()
    {
        foreach (string directory in Directories())
        {
            using Decoder decoder = HuggingFaceDirectory.Load(directory, CPU, ScalarType.Float32);
            await using GenerationEngine engine = new(
                decoder.Config,
                Models.Weights(decoder),
                new PolicyTokenizer(CharacterTokenizer.Create("ab")),
                new EngineSettings { Slots = 3, Context = 128 },
                new EngineOptions("greedy")
            );
            JsonElement reference = Fixtures.Json(Path.Combine(directory, "reference.json"));
            List<(JsonElement Sample, int[] Stop)> samples =
            [
                .. reference.GetProperty("greedy").EnumerateArray().Select(sample => (sample, Array.Empty<int>())),
            ];
            if (reference.TryGetProperty("greedy_until_eos", out JsonElement ended))
            {
                samples.Add((ended, [.. HuggingFaceDirectory.LoadSpecialTokens(directory).Eos]));
            }

            int[][] tokens = await Task.WhenAll(samples.Select(sample => Greedy(engine, sample.Sample, sample.Stop)));
            foreach (((JsonElement sample, _), int[] actual) in samples.Zip(tokens))
            {
                Assert.Equal(Ints(sample.GetProperty("new_ids")), actual);
            }
        }
    }

    private static async Task<int[]> Greedy(GenerationEngine engine, JsonElement sample, int[] stop)
    {
        SamplerSettings sampler = new()
        {
            Temperature = 0,
            MaxTokens = sample.GetProperty("new_ids").GetArrayLength() + (stop.Length > 0 ? 5 : 0),
            StopTokens = [.. stop],
        };
        List<int> tokens = [];
        await foreach (
            GeneratedSequence sequence in engine.GenerateAsync(
                new GenerationRequest([.. Ints(sample.GetProperty("prompt_ids"))], [1], sampler),
                Deadline
            )
        )
        {
            tokens.AddRange(sequence.Tokens);
        }

        return [.. tokens];
    }

    private static List<string> Directories([System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        List<string> all = Fixtures.Directories("models/hf");
        Fixtures.Count(all.Count, 0, "every directory", test);
        return all;
    }

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetInt32())];
}
