using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Tokenizers;

namespace ICPO.Actors.Modeling.Tests.Checkpoints.Gguf;

/// <summary>GGUF files that hold anything: what their tokenizer takes is in proportion to the file.</summary>
public sealed class UntrustedGgufTests
{
    [Fact]
    public void Reported_files_are_read_or_refused_within_the_bound()
    {
        foreach (string path in Untrusted.Files("gguf"))
        {
            Untrusted.ReadOrRefused<InvalidDataException>(new FileInfo(path).Length, () =>
            {
                using var file = GgufFile.Open(path);
                TokenizerJson.Parse("tokenizer", GgufTokenizer.Write(GgufTokenizer.Create(file))).Encode("a few words");
            });
        }
    }

    [Fact]
    public void A_long_piece_has_only_the_merges_whose_halves_are_pieces()
    {
        string[] texts = ["a", "aa", "b", new string('a', 60_000), new string('a', 200_000) + "b"];
        Assert.Null(
            Untrusted.Read(260_000, () =>
                Assert.Equal(
                    [("a", "a")],
                    SentencePieceJson.Merges(GgufPieces.Create(texts, new int[texts.Length]), new float[texts.Length])
                )
            )
        );
    }

    [Fact]
    public void Pieces_that_can_be_put_together_in_very_many_ways_are_refused_by_name()
    {
        string[] texts = [.. Enumerable.Range(1, 1_000).Select(length => new string('a', length))];
        Untrusted.Refused<InvalidDataException>(texts.Sum(text => text.Length), () =>
            _ = SentencePieceJson.Merges(GgufPieces.Create(texts, new int[texts.Length]), new float[texts.Length]).Count()
        );
    }

    [Fact]
    public void Merges_are_all_cuts_into_two_pieces()
    {
        Gen.String[Gen.Char['a', 'b'], 1, 6]
            .Array[1, 30]
            .Sample(pieces =>
            {
                string[] texts = [.. pieces.Distinct()];
                HashSet<string> known = [.. texts];
                IEnumerable<(string, string)> expected = texts.SelectMany(text =>
                    Enumerable
                        .Range(1, text.Length - 1)
                        .Select(at => (text[..at], text[at..]))
                        .Where(cut => known.Contains(cut.Item1) && known.Contains(cut.Item2))
                );
                var merges = SentencePieceJson.Merges(GgufPieces.Create(texts, new int[texts.Length]), new float[texts.Length]).ToList();
                Assert.Equal(expected.Order(), merges.Order());
            });
    }
}
