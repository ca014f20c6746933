namespace ICPO.Tokenizers.Pipeline;

/// <summary>The steps of a tokenizer.json around its model.</summary>
internal sealed record TokenizerSteps
{
    public required Func<string, string> Normalize { get; init; }

    public required Func<Piece, IEnumerable<Piece>> Split { get; init; }

    public required Func<IEnumerable<string>, IEnumerable<string>> Decode { get; init; }

    /// <summary>Special tokens around a text.</summary>
    public required (int[] Before, int[] After) Frame { get; init; }
}
