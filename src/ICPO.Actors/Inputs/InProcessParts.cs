using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.RunFiles.Inputs;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Inputs;

/// <summary>The parts that the host app registered instead of the configured ones; null if it registered none.</summary>
internal sealed record InProcessParts(ITask? Task, IVerifier? Verifier, IDemonstrationPool? Pool, IPolicyBackend? Backend)
{
    public static InProcessParts Find(IServiceProvider services) =>
        new(
            services.GetService<ITask>(),
            services.GetService<IVerifier>(),
            services.GetService<IDemonstrationPool>(),
            services.GetService<IPolicyBackend>()
        );

    /// <summary>One input for each part, compared by its version.</summary>
    public IEnumerable<RunInput> Inputs()
    {
        if (Task is not null)
        {
            yield return Part(InputKind.Task, Task.Name, Task.Version);
        }

        if (Verifier is not null)
        {
            yield return Part(InputKind.Verifier, Verifier.Name, Verifier.Version);
        }

        if (Pool is not null)
        {
            yield return Part(InputKind.Demonstrations, "pool", Pool.Version);
        }

        if (Backend is not null)
        {
            yield return Part(InputKind.Model, "backend", Backend.Version);
        }
    }

    private static RunInput Part(InputKind kind, string name, string? version) =>
        new()
        {
            Kind = kind,
            Key = RunInput.InProcess,
            Name = name,
            Sha256 = InputValues.Hash(version ?? ""),
            Value = version,
        };
}
