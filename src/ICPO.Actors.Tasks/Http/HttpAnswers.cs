using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Rewards;

namespace ICPO.Actors.Tasks.Http;

/// <summary>Reads the response of a service: an object with the array <c>answers</c>.</summary>
internal static class HttpAnswers
{
    /// <summary>The answers by the id of their case; null collects those without an id.</summary>
    /// <exception cref="InvalidDataException">It is something else; the message is a clause after "the service sent".</exception>
    public static ILookup<string?, JsonElement> Read(byte[] body)
    {
        JsonElement response = RewardAnswer.Parse(body);
        return response.TryGetProperty("answers", out JsonElement answers) && answers.ValueKind == JsonValueKind.Array
            ? answers
                .EnumerateArray()
                .ToLookup(answer => answer.ValueKind == JsonValueKind.Object ? RewardAnswer.Id(answer) : null, StringComparer.Ordinal)
            : throw new InvalidDataException("an object without the array \"answers\"");
    }

    /// <summary>The judgment of the only answer to a case; a fault if there is none or more than one.</summary>
    public static Judgment JudgmentOf(ILookup<string?, JsonElement> answers, string id, RewardScale scale) =>
        answers[id].ToArray() switch
        {
            [var answer] => RewardAnswer.Read(answer, scale),
            [] => Judgment.Crashed($"the service sent no answer with the id of this case, but {answers.Sum(a => a.Count())} others"),
            var several => Judgment.Crashed($"the service sent {several.Length} answers for this case"),
        };
}
