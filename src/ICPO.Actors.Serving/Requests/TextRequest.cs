using System.Collections.Immutable;
using ICPO.Actors.Inference;

namespace ICPO.Actors.Serving.Requests;

/// <summary>A request in the model's terms.</summary>
internal sealed record TextRequest
{
    /// <summary>At least one.</summary>
    public required ImmutableArray<ModelPrompt> Prompts { get; init; }

    /// <summary>Responses to each prompt.</summary>
    public required int Samples { get; init; }

    /// <summary>How they are sampled.</summary>
    public required GenerationOptions Options { get; init; }

    /// <summary>What is returned.</summary>
    public required ResponseOptions Response { get; init; }

    /// <summary>Length of the prompts in tokens.</summary>
    public int PromptTokens => Prompts.Sum(prompt => prompt.Ids.Length);
}

/// <summary>What a response contains besides the text.</summary>
internal sealed record ResponseOptions
{
    /// <summary>Sent as server-sent events while it is generated.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>A stream ends with the number of tokens.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Log-probabilities of the tokens.</summary>
    public bool LogProbs { get; init; }

    /// <summary>The ids of the prompt and of the response.</summary>
    public bool TokenIds { get; init; }

    /// <summary>Log-probabilities name tokens by id instead of text.</summary>
    public bool TokensAsIds { get; init; }
}
