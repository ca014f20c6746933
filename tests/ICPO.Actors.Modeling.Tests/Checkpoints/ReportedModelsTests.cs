using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Scoring;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Tests.Checkpoints;

/// <summary>
/// Models rebuilt from other projects' bug reports (reports/models). What each holds, read here without the product, decides what is
/// right.
/// </summary>
public sealed class ReportedModelsTests
{
    private const string Config = "config.json",
        Weights = "model.safetensors",
        Index = Weights + ".index.json";

    private static readonly string[] Floating = ["F64", "F32", "F16", "BF16"];

    [Fact]
    public void Every_model_is_read_as_what_it_is_or_refused_by_name()
    {
        string root = Fixtures.Require("reports/models");
        string[] places = [.. Directory.GetFileSystemEntries(root).Order(StringComparer.Ordinal)];
        foreach (string place in places)
        {
            Check(place);
        }

        Fixtures.Count(places.Length, 0, "every file and folder");
    }

    private static void Check(string place)
    {
        string[] files = Directory.Exists(place) ? Directory.GetFiles(place) : [place];
        if (files.FirstOrDefault(IsPointer) is { } pointer)
        {
            Assert.Contains("Git LFS", Refused(place, pointer));
            return;
        }

        Assert.True(Directory.Exists(place), $"{place}: a file of a kind that this test does not know");
        if (!File.Exists(Path.Combine(place, Weights)))
        {
            if (!File.Exists(Path.Combine(place, Index)))
            {
                Refused(place, place);
            }

            return;
        }

        Dictionary<string, string> dtypes = Header(Path.Combine(place, Weights));
        string[] strange = [.. dtypes.Where(t => !Floating.Contains(t.Value)).Select(t => t.Key)];
        if (strange.Length > 0)
        {
            string message = Refused(place, place);
            Assert.Contains(strange, message.Contains);
            Assert.Contains(strange, name => message.Contains(dtypes[name], StringComparison.Ordinal));
            return;
        }

        CheckHead(place, dtypes.ContainsKey("lm_head.weight"));
        CheckPrompt(place);
    }

    /// <summary>A stored head is used: the model computes what it does with a config that does not tie.</summary>
    private static void CheckHead(string place, bool hasHead)
    {
        JsonObject config = Read(place, Config)!;
        bool isTied = (bool?)config["tie_word_embeddings"] ?? false;
        int[] ids = [.. Enumerable.Range(1, Math.Min(8, (int)config["vocab_size"]! - 1))];
        using var scorer = SequenceScorer.Load(place);
        if (!isTied || !hasHead)
        {
            return;
        }

        using var copy = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(place))
        {
            File.Copy(file, copy.In(Path.GetFileName(file)));
        }

        config["tie_word_embeddings"] = false;
        File.Delete(copy.In(Config));
        copy.Write(Config, config.ToJsonString());
        using var untied = SequenceScorer.Load(copy.Path);
        Assert.Equal(untied.Score(ids), scorer.Score(ids));
        Assert.Contains(scorer.Notes, note => note.Contains("lm_head.weight", StringComparison.Ordinal));
    }

    /// <summary>A prompt begins with what the post-processor, or tokenizer_config.json, puts in front of a text, once.</summary>
    private static void CheckPrompt(string place)
    {
        if (Read(place, TokenizerJson.FileName) is not { } json)
        {
            return;
        }

        int? begin = Begin(json, Read(place, "tokenizer_config.json"));
        using var scorer = SequenceScorer.Load(place);
        int[] plain = scorer.Tokenizer!.Encode("AB"),
            prompt = scorer.Tokenizer.EncodePrompt("AB", isChat: false);
        Assert.Equal(begin is { } id ? [id, .. plain] : plain, prompt);
        if (begin is { } one)
        {
            string rendered = scorer.Tokenizer.Decode([one]) + "AB";
            Assert.Equal(prompt, scorer.Tokenizer.EncodePrompt(rendered, isChat: true));
            Assert.Equal(prompt, scorer.Tokenizer.EncodePrompt("AB", isChat: true));
        }
    }

    private static int? Begin(JsonObject tokenizer, JsonObject? config)
    {
        if (config is not null && (config.ContainsKey("add_bos_token") || config.ContainsKey("add_eos_token")))
        {
            string? token = (bool?)config["add_bos_token"] is true ? Text(config["bos_token"]) : null;
            return token is null ? null : (int)tokenizer["added_tokens"]!.AsArray().First(t => (string?)t!["content"] == token)!["id"]!;
        }

        JsonNode? processor = tokenizer["post_processor"];
        JsonNode?[] steps = (string?)processor?["type"] == "Sequence" ? [.. processor!["processors"]!.AsArray()] : [processor];
        JsonNode? template = steps.FirstOrDefault(s => (string?)s?["type"] == "TemplateProcessing");
        return (string?)template?["single"]?[0]?["SpecialToken"]?["id"] is { } name
            ? (int)template["special_tokens"]![name]!["ids"]![0]!
            : null;
    }

    private static string? Text(JsonNode? token) => token is JsonObject added ? (string?)added["content"] : (string?)token;

    private static JsonObject? Read(string place, string name) =>
        Path.Combine(place, name) is var path && File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : null;

    private static bool IsPointer(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] head = new byte[32];
        int count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return System.Text.Encoding.ASCII.GetString(head, 0, count).StartsWith("version https://git-lfs", StringComparison.Ordinal);
    }

    /// <summary>Dtypes of a safetensors file by tensor.</summary>
    private static Dictionary<string, string> Header(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        return header
            .RootElement.EnumerateObject()
            .Where(t => t.Name != "__metadata__")
            .ToDictionary(t => t.Name, t => t.Value.GetProperty("dtype").GetString()!);
    }

    private static string Refused(string model, string named)
    {
        string message = Assert.Throws<InvalidDataException>(() => SequenceScorer.Load(model).Dispose()).Message;
        Assert.Contains(named, message);
        return message;
    }
}
