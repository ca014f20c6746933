using System.Globalization;
using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Evaluation;

/// <summary>The conditions of a benchmark result.</summary>
public sealed record BenchmarkConditions
{
    /// <summary>Path of the model, and after a plus that of its adapter.</summary>
    public required string Model { get; init; }

    /// <summary>True if the model's chat template is used; else plain text.</summary>
    public required bool AsksChats { get; init; }

    public required string FirstPrompt { get; init; }

    /// <summary>Solved examples before each question.</summary>
    public required int Demonstrations { get; init; }

    /// <summary>Sampler settings, with the response limit.</summary>
    public required SamplerSettings Sampler { get; init; }

    /// <summary>Name of the verifier.</summary>
    public required string Verifier { get; init; }

    /// <summary>The seed of questions and samples.</summary>
    public required ulong Seed { get; init; }

    internal static BenchmarkConditions Create(RunSettings settings, ITask task, Question question, int demonstrations)
    {
        string model = settings.Model.Path.Length > 0 ? settings.Model.Path : "the bundled base model";
        ulong seed = ModelEvaluator.SeedOf(settings.Seed, question);
        return new()
        {
            Model = settings.Model.Adapter.Length > 0 ? $"{model} + {settings.Model.Adapter}" : model,
            AsksChats = task.UsesChatTemplate,
            FirstPrompt = task.Prompt(question.Text, ModelEvaluator.Demonstrations(task, question, seed, demonstrations)),
            Demonstrations = demonstrations,
            Sampler = ModelEvaluator.Sampler(settings.Sampler, task),
            Verifier = settings.Verification.Verifier,
            Seed = settings.Seed,
        };
    }

    /// <summary>One sentence.</summary>
    public string Sentence() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Model}, prompted {(AsksChats ? "with its chat template" : "in plain text")}, with {Demonstrations} demonstrations; {Drawn}, "
                + $"up to {Sampler.MaxTokens} tokens; verifier {Verifier}, seed {Seed}."
        );

    private string Drawn =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"temperature {Sampler.Temperature}, top-p {Sampler.TopP}, top-k {Sampler.TopK}, min-p {Sampler.MinP}"
        );

    public JsonObject Json() =>
        new()
        {
            ["model"] = Model,
            ["prompt"] = AsksChats ? "chat" : "plain",
            ["first_prompt"] = FirstPrompt,
            ["demonstrations"] = Demonstrations,
            ["temperature"] = Sampler.Temperature,
            ["top_p"] = Sampler.TopP,
            ["top_k"] = Sampler.TopK,
            ["min_p"] = Sampler.MinP,
            ["max_tokens"] = Sampler.MaxTokens,
            ["stop_strings"] = new JsonArray([.. Sampler.StopStrings.Select(s => (JsonNode?)s)]),
            ["verifier"] = Verifier,
            ["seed"] = Seed,
        };
}
