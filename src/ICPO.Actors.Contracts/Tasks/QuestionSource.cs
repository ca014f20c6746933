using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Tasks;

/// <summary>The questions that a task takes from one data set.</summary>
/// <param name="Name">The file or directory.</param>
/// <param name="Questions">Those with a gold answer.</param>
/// <param name="Placeholders">Rows that are left out because their answer only says that there is none.</param>
/// <param name="Missing">Rows that are left out because they have no answer.</param>
public sealed record QuestionSource(string Name, ImmutableArray<Question> Questions, int Placeholders, int Missing);
