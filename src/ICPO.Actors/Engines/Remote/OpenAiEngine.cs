using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Engines.Remote;

/// <summary>Rollouts are sampled by inference servers, one engine per server; evaluations in this process.</summary>
internal static class OpenAiEngine
{
    private static readonly string[] CheckTexts = ["1 + 2 = ", "Question: What is 7 times 8?\nAnswer:", "The capital of", "A"];

    public static EngineDescriptor Descriptor { get; } = new(InferenceServerSettings.Kind, Create);

    private static IGenerationEngine Create(EngineContext context)
    {
        InferenceServerSettings settings = context.Settings.Servers;
        if (context.Index >= settings.Servers.Length)
        {
            return context.Backend.CreateEngine(context.Index, context.IsolateRequests);
        }

        ImmutableArray<ImmutableArray<int>> prompts =
        [
            .. CheckTexts.Select(text => context.Backend.Tokenizer.Encode(text).ToImmutableArray()).Where(prompt => prompt.Length > 0),
        ];
        int longest = prompts.Select(prompt => prompt.Length).DefaultIfEmpty(0).Max();
        IReferencePolicy reference = context.Backend.CreateReference(longest + ServerSamples.Tokens)
            ?? throw new ArgumentException(
                "engine.kind = openai compares the server with the model in this process, which the model of the host app does not support; "
                    + "use a model of model.path, or register an engine."
            );
        return new RemoteEngine(
            settings,
            settings.Servers[context.Index],
            new RemoteEngineParts
            {
                Run = context.Settings.RunId,
                Index = context.Index,
                Reference = reference,
                Tokenizer = context.Backend.Tokenizer,
                Prompts = prompts,
                Temperature = context.Settings.Sampler.Temperature,
                Slots = context.Settings.Engine.Slots,
                Key = Key(settings.KeyVariable),
            }
        );
    }

    private static string? Key(string variable) =>
        variable.Length == 0 ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key ? key
        : throw new ArgumentException($"engine.openai.key-variable names {variable}, which is not set in the environment; set it.");
}
