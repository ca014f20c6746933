using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Tasks.Rewards;

/// <summary>
/// A case as external verifiers receive it. Its id is random, so that a response that the verifier executes cannot answer in its place.
/// </summary>
internal sealed record RewardCase(string Id, Question Question, string Response, FinishReason Finish)
{
    private const int IdBytes = 8;

    public static RewardCase Create(Question question, string response, FinishReason finish) =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), question, response, finish);

    /// <summary>Writes the case as a JSON object in ASCII.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("question", Question.Text);
        writer.WriteString("gold", Question.Answer);
        writer.WriteString("response", Response);
        writer.WriteString("finish", Finish == FinishReason.Length ? "length" : "stop");
        writer.WriteString("question_id", Question.Id);
        writer.WriteStartObject("tags");
        foreach ((string name, string value) in Question.Tags)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The case as a line.</summary>
    public byte[] ToLine()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }
}
