using ICPO.Tokenizers.Limits;

namespace ICPO.Tokenizers.Pipeline;

/// <summary>The steps of a tokenizer.json around its model.</summary>
internal sealed record TokenizerSteps
{
    public required Func<string, GrowthLimit, string> Normalize { get; init; }

    public required Func<Piece, GrowthLimit, IEnumerable<Piece>> Split { get; init; }

    public required Func<IEnumerable<string>, GrowthLimit, IEnumerable<string>> Decode { get; init; }
}
