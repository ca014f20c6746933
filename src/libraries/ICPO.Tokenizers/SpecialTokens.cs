namespace ICPO.Tokenizers;

/// <summary>Ids of special tokens.</summary>
/// <param name="Bos">Begins a text; null if there is none.</param>
/// <param name="Eos">Any of these ends a response.</param>
/// <param name="Pad">Fills batches; null if there is none.</param>
public sealed record SpecialTokens(int? Bos, IReadOnlyList<int> Eos, int? Pad);
