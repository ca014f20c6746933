using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Tasks;

/// <summary>The questions of a task from one data set.</summary>
/// <param name="Name">The file or directory.</param>
/// <param name="Questions">Those with a gold answer.</param>
/// <param name="Placeholders">Rows that are skipped because their answer is a placeholder.</param>
/// <param name="Missing">Rows that are left out because they have no answer.</param>
public sealed record QuestionSource(string Name, ImmutableArray<Question> Questions, int Placeholders, int Missing);
