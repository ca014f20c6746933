using ICPO.Actors.Hosting;

namespace ICPO.Actors.Tests.Hosting;

public sealed class LogLimitTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Messages_that_differ_in_digits_are_of_one_kind_and_those_left_out_are_counted()
    {
        var limit = new LogLimit(_time);
        int?[] first = [.. Enumerable.Range(0, LogLimit.MaxMessages + 5).Select(i => limit.Admit($"channel 127.0.0.1:{i}"))];
        Assert.Equal(LogLimit.MaxMessages, first.Count(leftOut => leftOut == 0));
        Assert.Equal(5, first.Count(leftOut => leftOut is null));
        Assert.Equal(0, limit.Admit("another message"));
        _time.Advance(LogLimit.Window);
        Assert.Equal(5, limit.Admit("channel 127.0.0.1:1"));
        Assert.Equal(0, limit.Admit("channel 127.0.0.1:2"));
    }

    [Fact]
    public void Kinds_without_number_share_one_limit()
    {
        var limit = new LogLimit(_time);
        int written = Enumerable.Range(0, 10_000).Count(i => limit.Admit(new string('a', i % 90) + new string('b', i / 90)) is not null);
        Assert.InRange(written, 256, 256 * (LogLimit.MaxMessages + 1));
    }
}
