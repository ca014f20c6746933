using System.IO.Compression;
using System.Text.Json;

namespace ICPO.Tokenizers.Tests;

/// <summary>Against Hugging Face tokenizers: every folder with vectors; its tokenizer is in the folder or in ../data/tokenizers.</summary>
public sealed class TokenizerParityTests
{
    [Fact]
    public void Ids_and_text_are_those_of_the_reference()
    {
        (List<string>? failures, int rows, int skipped) = (new List<string>(), 0, 0);
        foreach ((string? folder, SubwordTokenizer? tokenizer) in Tokenizers(ref skipped))
        {
            foreach (JsonElement row in Rows(Path.Combine(folder, "vectors.jsonl.gz")))
            {
                rows++;
                string text = row.GetProperty("text").GetString()!;
                int[] ids = Ids(row, "ids");
                Check(ids.SequenceEqual(tokenizer.Encode(text)), "ids", () => string.Join(' ', tokenizer.Encode(text)));
                Check(Ids(row, "ids_special").SequenceEqual(tokenizer.Encode(text, addSpecialTokens: true)), "ids_special", () => "");
                Check(row.GetProperty("decoded").GetString() == tokenizer.Decode(ids), "decoded", () => tokenizer.Decode(ids));
                Check(row.GetProperty("decoded_skip").GetString() == tokenizer.Decode(ids, skipSpecialTokens: true), "decoded_skip", () =>
                    tokenizer.Decode(ids, true)
                );

                void Check(bool holds, string what, Func<string> actual)
                {
                    if (!holds)
                    {
                        failures.Add(
                            $"{Path.GetFileName(folder)} {what}: "
                                + $"{row.GetRawText()[..Math.Min(400, row.GetRawText().Length)]} gave {actual()}"
                        );
                    }
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(20)));
        Fixtures.Count(rows, skipped, "folders without vectors");
    }

    [Fact]
    public void Any_ids_are_decoded_and_streamed_as_by_the_reference()
    {
        (List<string>? failures, int rows, int skipped, int unavailable) = (new List<string>(), 0, 0, 0);
        foreach ((string? folder, SubwordTokenizer? tokenizer) in Tokenizers(ref skipped))
        {
            foreach (JsonElement row in Rows(Path.Combine(folder, "decode.jsonl.gz")))
            {
                rows++;
                int[] ids = Ids(row, "ids");
                foreach (
                    (bool skip, string? decoded, string? pieces) in new[]
                    {
                        (false, "decoded", "pieces"),
                        (true, "decoded_skip", "pieces_skip"),
                    }
                )
                {
                    if (tokenizer.Decode(ids, skip) != row.GetProperty(decoded).GetString())
                    {
                        failures.Add($"{Path.GetFileName(folder)} {decoded}: {row}");
                    }

                    TokenStream stream = tokenizer.Stream(skip);
                    string?[] actual = [.. ids.Select(stream.Next)];
                    JsonElement expected = row.GetProperty(pieces);
                    if (expected.ValueKind != JsonValueKind.Array)
                    {
                        unavailable++; // the reference failed here
                    }
                    else if (!actual.SequenceEqual(expected.EnumerateArray().Select(p => p.GetString())))
                    {
                        failures.Add($"{Path.GetFileName(folder)} {pieces}: {row} gave {JsonSerializer.Serialize(actual)}");
                    }
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(20)));
        Fixtures.Count(rows, skipped, $"folders without vectors; {unavailable} streams on which the reference itself failed");
    }

    private static List<(string Folder, SubwordTokenizer Tokenizer)> Tokenizers(ref int skipped)
    {
        var found = new List<(string, SubwordTokenizer)>();
        foreach (string? folder in Directory.GetDirectories(Fixtures.Require("tokenizers")).Order(StringComparer.Ordinal))
        {
            string own = Path.Combine(folder, "tokenizer.json.gz");
            string shared = Path.Combine(Fixtures.Root!, "..", "data", "tokenizers", Path.GetFileName(folder), "tokenizer.json.gz");
            if (!File.Exists(Path.Combine(folder, "vectors.jsonl.gz")) || !(File.Exists(own) || File.Exists(shared)))
            {
                skipped++;
                continue;
            }

            using var unpacked = new TemporaryFolder();
            using (var source = new GZipStream(File.OpenRead(File.Exists(own) ? own : shared), CompressionMode.Decompress))
            using (FileStream target = File.Create(Path.Combine(unpacked.Path, TokenizerJson.FileName)))
            {
                source.CopyTo(target);
            }

            found.Add((folder, (SubwordTokenizer)TokenizerJson.Load(unpacked.Path)));
        }

        return found;
    }

    private static int[] Ids(JsonElement row, string key) => [.. row.GetProperty(key).EnumerateArray().Select(v => v.GetInt32())];

    private static IEnumerable<JsonElement> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            yield return row.RootElement;
        }
    }
}
