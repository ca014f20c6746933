using System.Collections.Immutable;

namespace ICPO.Actors.Inference;

/// <summary>A prompt as it is sent to a model.</summary>
/// <param name="Text">The text, rendered by the chat template where it is a conversation.</param>
/// <param name="Ids">Its token ids, special tokens included.</param>
public sealed record ModelPrompt(string Text, ImmutableArray<int> Ids);
