using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Engines.Remote;

namespace ICPO.Actors.Engines;

/// <summary>Rollouts are sampled by inference servers, one engine per server; evaluations in this process.</summary>
internal static class OpenAiEngine
{
    /// <summary>Number and length of the prompts of a check.</summary>
    private const int Prompts = 6,
        PromptTokens = 4;

    public static EngineDescriptor Descriptor { get; } = new(InferenceServerSettings.Kind, Create);

    private static IGenerationEngine Create(EngineContext context)
    {
        InferenceServerSettings settings = context.Settings.Servers;
        if (context.Index >= settings.Servers.Length)
        {
            return context.Backend.CreateEngine(context.Index, context.IsolateRequests);
        }

        IReferencePolicy reference = context.Backend.CreateReference(PromptTokens + ServerSamples.Tokens)
            ?? throw new ArgumentException(
                "engine.kind = openai compares the server with the model in this process, which the model of the host app does not support;"
                    + " use a model of model.path, or register an engine."
            );
        return new RemoteEngine(
            settings,
            settings.Servers[context.Index],
            new RemoteEngineParts
            {
                Run = context.Settings.RunId,
                Reference = reference,
                Tokenizer = context.Backend.Tokenizer,
                Prompts = Draw(context.Backend.Tokenizer.VocabularySize),
                Temperature = context.Settings.Sampler.Temperature,
                Slots = context.Settings.Engine.Slots,
                Key = Key(settings.KeyVariable),
            }
        );
    }

    /// <summary>Prompts of any tokens: a text that every tokenizer accepts does not exist.</summary>
    private static ImmutableArray<ImmutableArray<int>> Draw(int vocabulary)
    {
        var random = new RandomStream(Seed.Derive(0, "check of a server"));
        return
        [
            .. Enumerable
                .Range(0, Prompts)
                .Select(_ => Enumerable.Range(0, PromptTokens).Select(_ => (int)(random.NextDouble() * vocabulary)).ToImmutableArray()),
        ];
    }

    private static string? Key(string variable) =>
        variable.Length == 0 ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key ? key
        : throw new ArgumentException($"engine.openai.key-variable names {variable}, which is not set in the environment; set it.");
}
