using System.Collections.Immutable;
using Google.Protobuf.Collections;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Questions on the wire. Demonstrations stay in the core.</summary>
internal static class Tasks
{
    public static Proto.Question ToProto(this Question question)
    {
        Proto.Question proto = new()
        {
            Id = question.Id,
            Text = question.Text,
            Answer = question.Answer,
        };
        proto.Tags.Add(question.Tags);
        return proto;
    }

    public static Question ToContract(this Proto.Question question) =>
        new()
        {
            Id = question.Id,
            Text = question.Text,
            Answer = question.Answer,
            Tags = question.Tags.ToContract(),
        };

    private static void Add(this RepeatedField<Proto.Tag> field, ImmutableSortedDictionary<string, string> tags)
    {
        foreach ((string name, string value) in tags)
        {
            field.Add(new Proto.Tag { Name = name, Value = value });
        }
    }

    private static ImmutableSortedDictionary<string, string> ToContract(this RepeatedField<Proto.Tag> tags)
    {
        ImmutableSortedDictionary<string, string>.Builder builder = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (Proto.Tag tag in tags)
        {
            builder[tag.Name] = tag.Value;
        }

        return builder.ToImmutable();
    }
}
