using System.Globalization;
using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Evaluation;

/// <summary>The conditions of a benchmark result.</summary>
/// <param name="Model">Path of the model, and after a plus that of its adapter.</param>
/// <param name="AsksChats">True where the model's chat template is used; else plain text.</param>
/// <param name="FirstPrompt">The first prompt.</param>
/// <param name="Demonstrations">Solved examples before each question.</param>
/// <param name="Sampler">Sampler settings, with the response limit.</param>
/// <param name="Verifier">Name of the verifier.</param>
/// <param name="Seed">Of questions and samples.</param>
public sealed record BenchmarkConditions(
    string Model,
    bool AsksChats,
    string FirstPrompt,
    int Demonstrations,
    SamplerSettings Sampler,
    string Verifier,
    ulong Seed
)
{
    internal static BenchmarkConditions Of(RunSettings settings, ITask task, Question question, int demonstrations)
    {
        string model = settings.Model.Path.Length > 0 ? settings.Model.Path : "the bundled base model";
        ulong seed = ModelEvaluator.SeedOf(settings.Seed, question);
        return new(
            settings.Model.Adapter.Length > 0 ? $"{model} + {settings.Model.Adapter}" : model,
            task.UsesChatTemplate,
            task.Prompt(question.Text, ModelEvaluator.Demonstrations(task, question, seed, demonstrations)),
            demonstrations,
            ModelEvaluator.Sampler(settings.Sampler, task),
            settings.Verification.Verifier,
            settings.Seed
        );
    }

    /// <summary>One sentence.</summary>
    public string Sentence() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Model}, asked {(AsksChats ? "by its chat template" : "in plain text")} with {Demonstrations} demonstrations; {Drawn}, "
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
