using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace TestSupport;

/// <summary>A learner whose weights are a hash chained over its batches, so that a different batch or order changes them.</summary>
public sealed class HashLearner : ILearner
{
    public PolicyVersion Version { get; private set; }

    public string Weights { get; private set; } = Hash("base weights");

    /// <summary>Other hardware gives other weights.</summary>
    public string Hardware { get; init; } = "";

    /// <summary>Runs before every update; a test blocks the learner with it or makes it fail.</summary>
    public Func<TrainingBatch, Task> BeforeUpdate { get; init; } = _ => Task.CompletedTask;

    public async Task<UpdateReport> UpdateAsync(TrainingBatch batch, CancellationToken cancellationToken)
    {
        await BeforeUpdate(batch);
        if (batch.From != Version)
        {
            throw new InvalidOperationException($"The batch is for {batch.From}, but the weights are at {Version}.");
        }

        (Weights, Version) = (Hash(Weights + Text(batch) + Hardware), Version.Next());
        return new UpdateReport(
            Version,
            Weights,
            batch.Sequences.Sum(sequence => (long)sequence.Response.Length),
            ImmutableSortedDictionary<string, double>.Empty
        );
    }

    public async Task<PolicySnapshot> PublishAsync(string directory, LearnerEpoch epoch, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, $"policy-{Version.Value}.safetensors");
        await File.WriteAllTextAsync(path, Weights, cancellationToken);
        return new PolicySnapshot(Version, epoch, path, Hash(Weights), Weights.Length);
    }

    public async Task SaveAsync(string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "state"), $"{Version.Value} {Weights}", cancellationToken);
    }

    public async Task RestoreAsync(string directory, CancellationToken cancellationToken)
    {
        string[] state = (await File.ReadAllTextAsync(Path.Combine(directory, "state"), cancellationToken)).Split(' ');
        (Version, Weights) = (new PolicyVersion(long.Parse(state[0])), state[1]);
    }

    public ValueTask DisposeAsync() => default;

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The whole content of a batch as text, for comparison.</summary>
    public static string Text(TrainingBatch batch) =>
        string.Join(
            '\n',
            batch.Sequences.Select(sequence =>
                string.Join(
                    '|',
                    batch.From,
                    sequence.Id,
                    Join(sequence.Prompt),
                    Join(sequence.Response),
                    Join(sequence.BehaviorLogProbs),
                    Join(sequence.Versions),
                    sequence.Advantage.ToString("R")
                )
            )
        );

    private static string Join<T>(ImmutableArray<T> items) => string.Join(',', items);
}
