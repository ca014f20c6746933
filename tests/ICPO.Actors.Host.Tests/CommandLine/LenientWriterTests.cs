using System.Text;
using ICPO.Actors.Host.CommandLine;

namespace ICPO.Actors.Host.Tests.CommandLine;

public sealed class LenientWriterTests
{
    [Fact]
    public void What_can_be_written_is_written_and_nothing_after_the_first_error()
    {
        var inner = new FailingWriter(failsAt: 3);
        using var writer = new LenientWriter(inner);

        writer.WriteLine("1");
        writer.Write('2');
        writer.Write("lost");
        writer.Write("lost".ToCharArray(), 0, 4);
        writer.Flush();
        writer.WriteLine("lost");

        Assert.Equal($"1{Environment.NewLine}2", inner.Written.ToString());
        Assert.Equal(3, inner.Calls);
    }

    private sealed class FailingWriter(int failsAt) : TextWriter
    {
        public StringBuilder Written { get; } = new();

        public int Calls { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void WriteLine(string? value) => Write(value + Environment.NewLine);

        public override void Write(string? value)
        {
            Calls++;
            Written.Append(Calls < failsAt ? value : throw new IOException("No space left on device"));
        }
    }
}
