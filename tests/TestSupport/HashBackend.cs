using ICPO.Actors.Contracts.Policies;

namespace TestSupport;

/// <summary>Engines and learners whose weights are hashes.</summary>
public sealed class HashBackend : IPolicyBackend
{
    public Func<GenerationRequest, CancellationToken, Task> BeforeSampling { get; init; } = (_, _) => Task.CompletedTask;

    public Func<TrainingBatch, Task> BeforeUpdate { get; init; } = _ => Task.CompletedTask;

    /// <inheritdoc cref="HashEngine.Progress"/>
    public Func<long> Progress { get; init; } = () => 0;

    /// <summary>Runs before an engine is created.</summary>
    public Action OnCreate { get; init; } = () => { };

    public ITokenizer Tokenizer { get; } = new LetterTokenizer();

    public IGenerationEngine CreateEngine(int index, bool isolateRequests)
    {
        OnCreate();
        return new HashEngine { BeforeSampling = BeforeSampling, Progress = Progress };
    }

    public ILearner CreateLearner() => new HashLearner { BeforeUpdate = BeforeUpdate };
}

/// <summary>What the backend of an embedding application might throw.</summary>
public sealed class OutOfDeviceMemoryException() : Exception("Out of device memory.");
