using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Mazes;

/// <summary>
/// Rows for pretraining a model of the task <c>maze</c> in characters: a training maze with its shortest path, then padding to one length.
/// Row i depends only on the seed and i; no row shows a held-out maze.
/// </summary>
public sealed class MazeRows(MazeSettings settings, ulong seed)
{
    private readonly ulong _seed = Seed.Derive(seed, "maze/pretraining");
    private readonly MazeTask _task = new(settings with { Format = MazeFormat.Characters, Pool = 1 });

    /// <summary>Characters of a row: a question and the longest answer.</summary>
    public int Length { get; } = (settings.Size * (settings.Size + 1)) + 1 + settings.MaxMoves + 1;

    /// <returns>The text, and which of its characters are of the answer.</returns>
    public (string Text, bool[] IsAnswer) Row(long index)
    {
        Question question = _task.Train(_seed, index);
        string text = (question.Text + question.Answer).PadRight(Length, MazeText.End);
        int end = question.Text.Length + question.Answer.Length;
        return (text, [.. Enumerable.Range(0, Length).Select(i => i >= question.Text.Length && i < end)]);
    }
}
