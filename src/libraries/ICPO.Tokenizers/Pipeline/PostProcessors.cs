using System.Text.Json;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Json;

namespace ICPO.Tokenizers.Pipeline;

/// <summary>The post_processor of a tokenizer.json: the special tokens around one text.</summary>
internal static class PostProcessors
{
    private const int MaxTokens = 256;

    /// <exception cref="InvalidDataException">A step is of a kind that is not supported; names the key.</exception>
    public static (int[] Before, int[] After) Read(JsonKeys? keys)
    {
        switch (keys?.Text("type"))
        {
            case null or "ByteLevel": // the latter only moves offsets
                return ([], []);
            case "Sequence":
                return keys!
                    .List("processors")
                    .Select(p => Read(p))
                    .Aggregate((Before: Array.Empty<int>(), After: Array.Empty<int>()), (all, one) =>
                        ([.. one.Before, .. all.Before], [.. all.After, .. one.After])
                    );
            case "TemplateProcessing":
                return Template(keys!);
            case "BertProcessing" or "RobertaProcessing":
                return ([Pair(keys!, "cls")], [Pair(keys!, "sep")]);
            case var type:
                throw keys!.Bad("type", $"'{type}' is not supported");
        }
    }

    private static (int[] Before, int[] After) Template(JsonKeys keys)
    {
        (List<int>? before, List<int>? after, bool passed) = (new List<int>(), new List<int>(), false);
        JsonKeys tokens = keys.Object("special_tokens") ?? throw keys.Bad("special_tokens", "is missing");
        foreach (JsonKeys part in keys.List("single"))
        {
            if (part.Object("Sequence") is { } sequence)
            {
                passed = !passed && sequence.Text("id") == "A" ? true : throw part.Bad("Sequence", "must be A, once");
            }
            else
            {
                string name = part.Object("SpecialToken")?.Text("id") ?? throw part.Bad("SpecialToken", "must name a token");
                (passed ? after : before).AddRange((tokens.Object(name) ?? throw tokens.Bad(name, "is missing")).Integers("ids"));
                if (before.Count + after.Count > MaxTokens)
                {
                    throw keys.Bad("single", $"adds more than {MaxTokens} tokens");
                }
            }
        }

        return passed ? ([.. before], [.. after]) : throw keys.Bad("single", "leaves out the text");
    }

    /// <summary>The id in ["token", id].</summary>
    private static int Pair(JsonKeys keys, string key) =>
        keys.Find(key) is { ValueKind: JsonValueKind.Array } pair
        && pair.GetArrayLength() == 2
        && pair[1].ValueKind == JsonValueKind.Number
        && pair[1].TryGetInt32(out int id)
            ? id
            : throw keys.Bad(key, "must be a token and its id");
}
