using System.Text;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Inference;

namespace ICPO.Actors.Serving.Responses;

/// <summary>One response of a request.</summary>
/// <param name="index">Its index in the request.</param>
/// <param name="prompt">Its prompt.</param>
internal sealed class Choice(int index, ModelPrompt prompt)
{
    private readonly StringBuilder _text = new();
    private readonly List<CompletionToken> _tokens = [];

    public int Index => index;

    public ModelPrompt Prompt => prompt;

    /// <summary>The text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>The tokens so far, in order.</summary>
    public IReadOnlyList<CompletionToken> Tokens => _tokens;

    /// <summary>Why it ended; null before.</summary>
    public FinishReason? Finish { get; private set; }

    /// <summary>The name of <see cref="Finish"/>.</summary>
    public string? FinishName => Name(Finish);

    /// <summary>Characters of all tokens whose log-probabilities have been written.</summary>
    public int Written { get; set; }

    public void Add(CompletionToken token)
    {
        _text.Append(token.Text);
        _tokens.Add(token);
        Finish = token.Finish;
    }

    /// <summary>The token before one of the response's tokens; the prompt has at least one.</summary>
    public int Before(int position) => position > 0 ? _tokens[position - 1].Token : prompt.Ids[^1];

    private static string? Name(FinishReason? finish) =>
        finish switch
        {
            null => null,
            FinishReason.Stop => "stop",
            _ => "length",
        };
}
