using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Engines;

/// <summary>Uses engines that the host app has registered, otherwise those that <c>engine.kind</c> names.</summary>
internal sealed class ConfiguredBackend(RunSettings settings, IPolicyBackend backend, IServiceProvider services) : IPolicyBackend
{
    public ITokenizer Tokenizer => backend.Tokenizer;

    public ImmutableArray<string> Notes => backend.Notes;

    public IGenerationEngine CreateEngine(int index, bool isolateRequests) =>
        services.GetService<IGenerationEngine>() ?? EngineRegistry.Create(new(settings, backend, index, isolateRequests));

    public ILearner CreateLearner() => backend.CreateLearner();

    public IReferencePolicy? CreateReference(int tokens) => backend.CreateReference(tokens);
}
