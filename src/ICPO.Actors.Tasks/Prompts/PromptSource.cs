using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Prompts;

/// <summary>The parameters of prompts.</summary>
/// <param name="Settings">How questions are put.</param>
/// <param name="Chat">
/// Loads the model's chat template, called only if it may be used; returns null if the model has none. Null if there is no model.
/// </param>
/// <param name="Model">Names the model in errors.</param>
public sealed record PromptSource(PromptSettings Settings, Func<IChatFormat?>? Chat = null, string Model = "the model")
{
    /// <summary>Default settings and no chat template: plain text.</summary>
    public static PromptSource Plain { get; } = new(new PromptSettings());
}
