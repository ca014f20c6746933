namespace ICPO.Tokenizers.Pipeline;

/// <summary>A part of the text between normalization and the model.</summary>
/// <param name="Text">Not empty.</param>
/// <param name="AtStart">Whether the whole text begins with it.</param>
internal readonly record struct Piece(string Text, bool AtStart);
