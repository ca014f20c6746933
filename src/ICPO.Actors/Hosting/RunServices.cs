using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Runs;

namespace ICPO.Actors.Hosting;

/// <summary>The host app's services, with the parts of one run in front.</summary>
internal sealed class RunServices(HostParts parts, IServiceProvider services) : IServiceProvider
{
    public object? GetService(Type serviceType) => Part(serviceType) ?? services.GetService(serviceType);

    private object? Part(Type type)
    {
        if (type == typeof(IGenerationEngine))
        {
            return parts.CreateEngine?.Invoke();
        }

        object?[] all = [parts.Task, parts.Verifier, parts.Pool, parts.Backend];
        Type[] types = [typeof(ITask), typeof(IVerifier), typeof(IDemonstrationPool), typeof(IPolicyBackend)];
        return Array.IndexOf(types, type) is >= 0 and int index ? all[index] : null;
    }
}
