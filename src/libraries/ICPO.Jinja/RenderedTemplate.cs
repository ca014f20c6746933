namespace ICPO.Jinja;

/// <summary>What a template rendered.</summary>
/// <param name="Text">The text.</param>
/// <param name="Generations">
/// The spans of <paramref name="Text"/> that {% generation %} blocks produced, as [start, end) in code points, in rendering order.
/// </param>
public sealed record RenderedTemplate(string Text, IReadOnlyList<(int Start, int End)> Generations);
