using System.IO.Compression;
using System.Text.Json;
using ICPO.DataFiles.Json;
using ICPO.Tokenizers.Pipeline;
using ICPO.Tokenizers.Unicode;

namespace ICPO.Tokenizers.Tests;

public sealed class TokenizerTests
{
    private const string Alphabet = "ABCabc0123456789=;\n \"\\é";

    [Fact]
    public void Characters_round_trip_and_have_their_ids_after_a_reload()
    {
        using var folder = new TemporaryFolder();
        var made = CharacterTokenizer.Create(Alphabet);
        made.Save(folder.Path);
        Tokenizer loaded = TokenizerJson.Load(folder.Path);
        Assert.Equal(Alphabet.Length + 3, loaded.VocabularySize);
        Assert.Equal([3, 1, 2, 4], made.Encode("A<bos><eos>B"));
        string[] pieces = [.. Alphabet.Select(c => c.ToString()), "<pad>", "<bos>", "<eos>"];
        Gen.Int[0, pieces.Length - 1]
            .Select(i => pieces[i])
            .Array[0, 30]
            .Sample(parts =>
            {
                string text = string.Concat(parts);
                Assert.Equal(parts.Length, made.Encode(text).Length);
                Assert.Equal(made.Encode(text), loaded.Encode(text));
                Assert.Equal(text, loaded.Decode(made.Encode(text)));
            });
    }

    [Fact]
    public void An_unknown_character_is_named()
    {
        string message = Assert.Throws<ArgumentException>(() => CharacterTokenizer.Create("ab").Encode("abß")).Message;
        Assert.Contains("'ß' (U+00DF)", message);
    }

    [Theory]
    [InlineData("", "<bos>")]
    [InlineData("<x>", "<x>")]
    [InlineData("<pad>", "a")]
    public void Ambiguous_special_tokens_are_rejected(string pad, string bos) =>
        Assert.Contains(
            bos == "a" ? "'a'" : $"'{pad}'",
            Assert.Throws<ArgumentException>(() => CharacterTokenizer.Create("ab", pad, bos)).Message
        );

    [Fact]
    public void Byte_level_tokens_are_those_of_the_reference_vectors()
    {
        (int applied, int skipped) = (0, 0);
        foreach (string directory in Directory.GetDirectories(Fixtures.Require("../data/tokenizers")))
        {
            string[] vectors = Directory.GetFiles(directory, "vectors*.jsonl");
            Tokenizer? tokenizer = vectors.Length == 0 ? null : Load(directory);
            if (tokenizer is null)
            {
                skipped++;
                continue;
            }

            foreach (string? line in vectors.SelectMany(File.ReadLines))
            {
                using var row = JsonDocument.Parse(line);
                string text = row.RootElement.GetProperty("text").GetString()!;
                int[] ids = [.. row.RootElement.GetProperty("ids").EnumerateArray().Select(v => v.GetInt32())];
                Assert.True(ids.SequenceEqual(tokenizer.Encode(text)), $"{directory}: {text}");
                Assert.Equal(UnicodeNormalization.ToNfc(text), tokenizer.Decode(ids));
                applied++;
            }
        }

        Fixtures.Count(applied, skipped, "directories without vectors or tokenizer.json.gz");
    }

    [Fact]
    public void Unsupported_kinds_are_rejected_by_name()
    {
        string folder = Fixtures.Require("tokenizers/refused");
        string[] files = Directory.GetFiles(folder, "*.json");
        foreach (string file in files)
        {
            Assert.Contains(file, Assert.Throws<InvalidDataException>(() => TokenizerJson.Load(file)).Message);
        }

        Fixtures.Count(files.Length, 0, "all files");
    }

    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B\u2126", "\u00C5\u03A9")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("a\u0323\u0307", "\u1EA1\u0307")] // composes with the first mark only
    [InlineData("a\u0307\u0323", "\u1EA1\u0307")] // is reordered first
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\uFB1D plain 中文 😀", "\u05D9\u05B4 plain 中文 😀")]
    [InlineData("\u0344", "\u0308\u0301")]
    public void Text_is_normalized_to_form_C(string text, string expected) => Assert.Equal(expected, UnicodeNormalization.ToNfc(text));

    [Fact]
    public void Accents_of_every_kind_of_mark_are_stripped()
    {
        using var json = JsonFile.Parse(
            "normalizer",
            """{"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}]}}"""u8.ToArray()
        );
        Assert.Equal(
            "hello \u0939\u0928\u0926 A",
            Normalizers.Read(json.Keys.Object("normalizer"))("h\u00E9llo \u0939\u093F\u0928\u094D\u0926\u0940 A\u20DD", new(20))
        );
    }

    private static Tokenizer? Load(string directory)
    {
        string packed = Path.Combine(directory, "tokenizer.json.gz");
        if (!File.Exists(packed))
        {
            return null;
        }

        using var folder = new TemporaryFolder();
        using (var source = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress))
        using (FileStream target = File.Create(Path.Combine(folder.Path, TokenizerJson.FileName)))
        {
            source.CopyTo(target);
        }

        return TokenizerJson.Load(folder.Path);
    }
}
