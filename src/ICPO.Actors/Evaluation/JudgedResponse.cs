using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Evaluation;

/// <summary>A response of an evaluation as soon as it has its verdict.</summary>
/// <param name="Question">The question.</param>
/// <param name="Response">The model's response.</param>
/// <param name="Finish">What ended it.</param>
/// <param name="Tokens">Its length.</param>
/// <param name="Judgment">The verdict.</param>
public sealed record JudgedResponse(Question Question, string Response, FinishReason Finish, int Tokens, Judgment Judgment);
