using System.Collections.Immutable;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Judging;

/// <summary>A model that answers the judge's messages. Called from many threads at once; an exception is a fault of the verifier.</summary>
public interface IJudgeModel
{
    /// <summary>The text of the model's answer; null if it is incomplete or no text.</summary>
    Task<string?> AskAsync(ImmutableArray<ChatMessage> messages, CancellationToken cancellationToken);
}
