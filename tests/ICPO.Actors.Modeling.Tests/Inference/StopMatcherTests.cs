using System.Text;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Inference;

namespace ICPO.Actors.Modeling.Tests.Inference;

public sealed class StopMatcherTests
{
    [Fact]
    public void A_stop_string_ends_the_response_with_the_token_that_completes_it() =>
        Gen.Select(Gen.Int[0, Pieces.Vocabulary.Length - 1].Array[1, 40], Gen.Int[0, Stops.Length - 1])
            .Sample(
                (tokens, chosen) =>
                {
                    string stop = Stops[chosen];
                    var tokenizer = new Pieces();
                    var matcher = new StopMatcher(tokenizer, new SamplerSettings { StopStrings = [stop] });
                    for (int length = 1; length <= tokens.Length; length++)
                    {
                        // The decoder trims one leading space, which the response as a whole has before it only in a prompt.
                        bool contained = Pieces.Text(tokens.AsSpan(0, length)).Contains(stop, StringComparison.Ordinal);
                        bool trimmedAway =
                            contained && !tokenizer.Decode(tokens.AsSpan(0, length)).Contains(stop, StringComparison.Ordinal);
                        if (trimmedAway)
                        {
                            return;
                        }

                        Assert.Equal(contained, matcher.Ends(tokens.AsSpan(0, length)));
                        if (contained)
                        {
                            return;
                        }
                    }
                }
            );

    [Fact]
    public void A_stop_token_ends_the_response_whatever_its_text()
    {
        var matcher = new StopMatcher(new Pieces(), new SamplerSettings { StopTokens = [3, 900] });
        Assert.True(matcher.Ends([1, 3]));
        Assert.True(matcher.Ends([900]));
        Assert.False(matcher.Ends([3, 1]));
    }

    [Fact]
    public void Tokens_beyond_the_tokenizers_vocabulary_end_nothing() =>
        Assert.False(new StopMatcher(new Pieces(), new SamplerSettings { StopStrings = ["a"] }).Ends([900]));

    private static string[] Stops { get; } = ["ab", "a b", "\n\n", "aba", " ", "é", ";"];

    /// <summary>Byte pieces with a decoder that trims the first space, as SentencePiece decoders do.</summary>
    private sealed class Pieces : ITokenizer
    {
        public static byte[][] Vocabulary { get; } =
        [
            [.. "a"u8],
            [.. "b"u8],
            [.. " a"u8],
            [.. " "u8],
            [.. "ab"u8],
            [.. "b "u8],
            [.. "\n"u8],
            [.. "\n\n"u8],
            [0xC3],
            [0xA9],
            [.. "xaby"u8],
            [.. ";"u8],
        ];

        public int VocabularySize => Vocabulary.Length;

        public int[] Encode(string text) => throw new NotSupportedException();

        public string Decode(ReadOnlySpan<int> tokens)
        {
            string text = Text(tokens);
            return text.StartsWith(' ') ? text[1..] : text;
        }

        public static string Text(ReadOnlySpan<int> tokens)
        {
            var bytes = new List<byte>();
            foreach (int token in tokens)
            {
                bytes.AddRange(Vocabulary[token]);
            }

            return Encoding.UTF8.GetString([.. bytes]);
        }
    }
}
