using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Engines;

/// <summary>
/// The rollout engines that <c>engine.kind</c> can name. To add one, such as a client of an inference server, write its file in this
/// folder and list its descriptor here.
/// </summary>
public static class EngineRegistry
{
    private static readonly ImmutableArray<EngineDescriptor> Engines = [LocalEngine.Descriptor, OpenAiEngine.Descriptor];

    public static ImmutableArray<string> Names { get; } = [.. Engines.Select(engine => engine.Name)];

    /// <exception cref="ArgumentException">The kind is unknown.</exception>
    public static EngineDescriptor Find(string kind) =>
        Engines.FirstOrDefault(engine => engine.Name == kind)
        ?? throw new ArgumentException($"engine.kind '{kind}' is not known; known are {string.Join(", ", Names)}.", nameof(kind));

    /// <exception cref="ArgumentException">The kind is unknown, or a setting does not fit.</exception>
    public static IGenerationEngine Create(EngineContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Find(context.Settings.EngineKind).Create(context);
    }
}
