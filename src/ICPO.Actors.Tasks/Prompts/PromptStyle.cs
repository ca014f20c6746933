namespace ICPO.Actors.Tasks.Prompts;

/// <summary>How questions are formatted for the model.</summary>
public enum PromptStyle
{
    /// <summary>By the model's chat template if it has one, else plain text.</summary>
    Auto,

    /// <summary>The paper's plain text: <c>Question: …</c>, <c>Answer:</c>.</summary>
    Plain,

    /// <summary>By the model's chat template; demonstrations are earlier turns of the conversation.</summary>
    Chat,

    /// <summary>By the model's chat template if the data set's questions are chats, plain text if they are texts.</summary>
    ByData,
}
