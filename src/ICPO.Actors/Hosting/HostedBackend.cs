using ICPO.Actors.Contracts.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Hosting;

/// <summary>Takes engines from the host app's container where it registers them.</summary>
internal sealed class HostedBackend(IPolicyBackend backend, IServiceProvider services) : IPolicyBackend
{
    public ITokenizer Tokenizer => backend.Tokenizer;

    public IGenerationEngine CreateEngine(int index, bool isolateRequests) =>
        services.GetService<IGenerationEngine>() ?? backend.CreateEngine(index, isolateRequests);

    public ILearner CreateLearner() => backend.CreateLearner();
}
