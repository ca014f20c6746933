using System.Collections.Immutable;
using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Dispatching;

/// <summary>The prompt of an expert rollout.</summary>
/// <param name="Tokens">Its token ids.</param>
/// <param name="Demonstrations">Names of the demonstrations in it.</param>
internal sealed record ExpertPrompt(ImmutableArray<int> Tokens, ImmutableArray<string> Demonstrations)
{
    /// <summary>Tokens at its end that are the beginning of the response.</summary>
    public ImmutableArray<int> Given { get; init; } = [];

    /// <summary>These tokens as text.</summary>
    public string GivenText { get; init; } = "";
}

/// <summary>Where a demonstration is put: before the question, as a hint to it, or as the beginning of its response. Pure.</summary>
internal sealed class ExpertPrompts(ITask task, ITokenizer tokenizer, ExpertSettings expert)
{
    /// <summary>Solved examples of other questions before the question.</summary>
    public ExpertPrompt Steered(Question question, ulong seed)
    {
        ImmutableArray<Demonstration> demonstrations = task.Demonstrate(question, seed, expert.Demonstrations);
        return new ExpertPrompt(Encode(question.Text, demonstrations), [.. demonstrations.Select(demonstration => demonstration.Id)]);
    }

    /// <summary>The beginning of the question's own solution, as long as the sibling's share says.</summary>
    /// <param name="prompt">The prompt of the question alone.</param>
    /// <param name="solved">The question with its solution.</param>
    /// <param name="sibling">The number of the expert rollout.</param>
    public ExpertPrompt OwnSolution(ImmutableArray<int> prompt, Demonstration solved, int sibling)
    {
        double share = expert.HintShares[sibling % expert.HintShares.Length];
        return expert.Source == ExpertSource.Hint ? Hint(solved, share) : Prefix(prompt, solved, share);
    }

    /// <summary>The question as a solved example, then the question.</summary>
    public ExpertPrompt Solved(Demonstration solved) => new(Encode(solved.Question, [solved]), [solved.Id]);

    /// <summary>An example of the question itself whose solution ends early, then the question.</summary>
    private ExpertPrompt Hint(Demonstration solved, double share)
    {
        int length = (int)Math.Ceiling(solved.Solution.Length * share);
        length -= length < solved.Solution.Length && length > 0 && char.IsHighSurrogate(solved.Solution[length - 1]) ? 1 : 0;
        return new ExpertPrompt(Encode(solved.Question, [solved with { Solution = solved.Solution[..length] }]), [solved.Id]);
    }

    /// <summary>
    /// The question, then whole tokens of the solution; at least one token is left to sample, and none is cut within a character.
    /// </summary>
    private ExpertPrompt Prefix(ImmutableArray<int> prompt, Demonstration solved, double share)
    {
        string response = task.Response(solved);
        int[] tokens = tokenizer.Encode(response);
        int given = Math.Min((int)Math.Ceiling(tokens.Length * share), tokens.Length - 1);
        string text = "";
        while (given > 0 && !response.StartsWith(text = tokenizer.Decode(tokens.AsSpan(0, given)), StringComparison.Ordinal))
        {
            given--;
        }

        ImmutableArray<int> beginning = given > 0 ? [.. tokens[..given]] : [];
        return new ExpertPrompt([.. prompt, .. beginning], [solved.Id]) { Given = beginning, GivenText = given > 0 ? text : "" };
    }

    private ImmutableArray<int> Encode(string question, ImmutableArray<Demonstration> demonstrations) =>
        [.. tokenizer.EncodePrompt(task.Prompt(question, demonstrations), task.UsesChatTemplate)];
}
