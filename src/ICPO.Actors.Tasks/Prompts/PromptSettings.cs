namespace ICPO.Actors.Tasks.Prompts;

/// <summary>How questions in natural language are formatted for the model.</summary>
public sealed record PromptSettings
{
    /// <summary>The placeholder of the question in <see cref="Question"/>.</summary>
    public const string Placeholder = "{question}";

    /// <summary>Chat or plain text.</summary>
    public PromptStyle Style { get; init; } = PromptStyle.Auto;

    /// <summary>A system message in front of a conversation that has none; empty adds none. Not used in plain text.</summary>
    public string System { get; init; } = "";

    /// <summary>The text of a question; <see cref="Placeholder"/> is replaced by the question of the task.</summary>
    public string Question { get; init; } = Placeholder;
}
