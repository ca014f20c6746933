using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Tests.Objective;
using ICPO.Actors.Modeling.Transformer;
using ICPO.Tokenizers.ChatTemplates;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

public sealed class GgufConversionTests
{
    [Fact]
    public void A_converted_model_is_the_model_of_the_file_with_its_tokenizer()
    {
        int applied = 0;
        using var folder = new TemporaryFolder();
        foreach (
            string? path in Directory
                .GetFiles(Fixtures.Require("models/gguf"), "*.gguf", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            if (!File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "hf_config.json")))
            {
                continue; // not a model
            }

            applied++;
            using DisposeScope scope = NewDisposeScope();
            string directory = Path.Combine(folder.Path, Path.GetFileNameWithoutExtension(path));
            ConversionReport report = GgufConversion.Convert(path, directory);
            Assert.Null(report.WithoutTokenizer);
            using Decoder expected = GgufModel.Load(path);
            using Decoder actual = HuggingFaceDirectory.Load(directory);
            Assert.Equal((expected.Config, expected.Dtype), (actual.Config, actual.Dtype));
            Assert.True(
                expected
                    .named_parameters()
                    .Zip(actual.named_parameters())
                    .All(p => p.First.parameter.equal(p.Second.parameter).all().ToBoolean())
            );

            using var file = GgufFile.Open(path);
            string[] tokens = (string[])file.Metadata("tokenizer.ggml.tokens")!;
            JsonElement tokenizer = Fixtures.Json(Path.Combine(directory, "tokenizer.json"));
            Assert.Equal(tokens, tokenizer.GetProperty("model").GetProperty("vocab").EnumerateObject().Select(t => t.Name));
            Assert.Equal(
                file.Metadata("tokenizer.chat_template"),
                Fixtures.Json(Path.Combine(directory, "tokenizer_config.json")).Text("chat_template")
            );

            // Without a conversion too.
            const string Text = "Hello, 12 times 3?\n";
            Assert.Equal(ModelTexts.LoadTokenizer(directory).Encode(Text), ModelTexts.LoadTokenizer(path).Encode(Text));
            var chat = new ChatRequest([new JsonObject { ["role"] = "user", ["content"] = Text }]) { AddGenerationPrompt = true };
            Assert.Equal(ModelTexts.LoadChatTemplate(directory).Render(chat).Text, ModelTexts.LoadChatTemplate(path).Render(chat).Text);
            Assert.Contains(
                "tokenizer.chat_template.rag",
                Assert.Throws<InvalidDataException>(() => ModelTexts.LoadChatTemplate(path, "rag")).Message,
                StringComparison.Ordinal
            );
        }

        Fixtures.Count(applied, 0, "every GGUF model");
    }

    [Fact]
    public void Scores_of_SentencePiece_give_the_merges_of_its_tokenizer_json()
    {
        (int applied, int skipped) = (0, 0);
        foreach (string path in Directory.GetFiles(Fixtures.Require("tokenizers"), "tokenizer.json.gz", SearchOption.AllDirectories))
        {
            using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var json = JsonDocument.Parse(zip);
            JsonElement model = json.RootElement.GetProperty("model");
            if (!model.TryGetProperty("byte_fallback", out JsonElement fallback) || !fallback.GetBoolean())
            {
                skipped++;
                continue;
            }

            // A piece's score falls with its id, as SentencePiece's trainer numbers them.
            applied++;
            string[] tokens = [.. model.GetProperty("vocab").EnumerateObject().OrderBy(t => t.Value.GetInt32()).Select(t => t.Name)];
            var added = json
                .RootElement.GetProperty("added_tokens")
                .EnumerateArray()
                .Select(t => t.GetProperty("id").GetInt32())
                .ToHashSet();
            int[] kinds = tokens
                .Select(
                    (t, i) =>
                        added.Contains(i) ? 3
                        : t.StartsWith("<0x", StringComparison.Ordinal) ? 6
                        : 1
                )
                .ToArray();
            var pieces = GgufPieces.Create(tokens, kinds);
            IEnumerable<(string Left, string Right)> merges = SentencePieceJson.Merges(pieces, [.. tokens.Select((_, i) => -(float)i)]);
            Assert.Equal(
                model
                    .GetProperty("merges")
                    .EnumerateArray()
                    .Select(m => m.ValueKind == JsonValueKind.String ? m.GetString() : $"{m[0]} {m[1]}"),
                merges.Select(m => $"{m.Left} {m.Right}")
            );
        }

        Fixtures.Count(applied, skipped, "tokenizers without byte fallback");
    }
}
