using System.Collections.Immutable;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Inference;

namespace ICPO.Actors.Tests.Inference;

/// <summary>The text of a response against a plain search in the whole text.</summary>
public sealed class ResponseTextTests
{
    private static readonly Gen<string> Word = Gen.OneOf("a", "b", "é", "€", "😀").Array[1, 4].Select(string.Concat);

    [Fact]
    public void The_text_ends_in_front_of_the_first_stop_string_however_it_is_split() =>
        Gen.Select(Word.Array[0, 12], Word.Array[0, 3], Gen.Int[1, 5])
            .Sample(
                (words, stops, size) =>
                {
                    string text = string.Concat(words);
                    var bytes = new ByteTokenizer(text, size);

                    Assert.Equal(Expected(text, stops), Stream(bytes, [.. stops]));
                },
                iter: 20_000
            );

    [Fact]
    public void Nothing_that_may_begin_a_stop_string_is_passed_on()
    {
        var text = new ResponseText(new LetterTokenizer(), ["END"]);

        Assert.Equal(["a", "", "", "ENa", "", ""], "aENaEN".Select(letter => text.Add(letter)));
        Assert.Equal("EN", text.End());
    }

    [Fact]
    public void After_a_stop_string_there_is_no_text()
    {
        var text = new ResponseText(new LetterTokenizer(), ["b"]);

        Assert.Equal(["a", "", ""], "abc".Select(letter => text.Add(letter)));
        Assert.Equal((true, ""), (text.IsStopped, text.End()));
    }

    private static (string Text, bool Stopped) Stream(ByteTokenizer tokenizer, ImmutableArray<string> stops)
    {
        var text = new ResponseText(tokenizer, stops);
        string streamed = string.Concat(Enumerable.Range(0, tokenizer.VocabularySize).Select(text.Add)) + text.End();
        return (streamed, text.IsStopped);
    }

    /// <summary>Cuts at the stop string that ends first.</summary>
    private static (string Text, bool Stopped) Expected(string text, string[] stops)
    {
        (int End, int Start)[] found =
        [
            .. stops
                .Select(stop => (Stop: stop, At: text.IndexOf(stop, StringComparison.Ordinal)))
                .Where(f => f.At >= 0)
                .Select(f => (f.At + f.Stop.Length, f.At)),
        ];
        return found.Length > 0 ? (text[..found.Min().Start], true) : (text, false);
    }

    /// <summary>Token n is the n-th piece of a text's bytes, so that characters are split between tokens.</summary>
    private sealed class ByteTokenizer(string text, int size) : ITokenizer
    {
        private readonly byte[][] _pieces = [.. System.Text.Encoding.UTF8.GetBytes(text).Chunk(size)];

        public int VocabularySize => _pieces.Length;

        public int[] Encode(string text) => throw new NotSupportedException();

        public string Decode(ReadOnlySpan<int> tokens) =>
            System.Text.Encoding.UTF8.GetString([.. tokens.ToArray().SelectMany(token => _pieces[token])]);
    }
}
