using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Tasks;

/// <summary>A message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The text.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>
    /// A conversation as plain text, messages separated by blank lines; with their roles where the assistant has a message.
    /// </summary>
    public static string Text(ImmutableArray<ChatMessage> chat) =>
        string.Join(
            "\n\n",
            chat.Any(m => m.Role == "assistant") ? chat.Select(m => $"{m.Role}: {m.Content}") : chat.Select(m => m.Content)
        );
}

/// <summary>A model's chat template. Thread-safe.</summary>
public interface IChatFormat
{
    /// <summary>The prompt for the next message of the assistant.</summary>
    /// <exception cref="InvalidDataException">The template refuses the conversation.</exception>
    string Prompt(ImmutableArray<ChatMessage> chat);

    /// <summary>The response after <see cref="Prompt"/> with this answer, including its end of turn.</summary>
    /// <exception cref="InvalidDataException">The template refuses the conversation.</exception>
    string Response(ImmutableArray<ChatMessage> chat, string answer);

    /// <summary>The texts of the tokens that end a turn.</summary>
    ImmutableArray<string> EndsOfTurn { get; }
}
