using ICPO.Actors.Engines.Remote;

namespace ICPO.Actors.Tests.Engines;

public sealed class SwapGateTests
{
    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    [Fact]
    public async Task A_change_waits_for_what_is_in_flight_and_keeps_others_out()
    {
        var gate = new SwapGate();
        await gate.EnterAsync(Deadline);
        await gate.EnterAsync(Deadline);
        Task closed = gate.CloseAsync(Deadline);
        Task later = gate.EnterAsync(Deadline);
        gate.Leave();
        Assert.False(closed.IsCompleted);
        gate.Leave();
        await closed;
        Assert.False(later.IsCompleted);
        gate.Open();
        await later;
    }

    [Fact]
    public async Task A_change_that_is_canceled_lets_others_in()
    {
        var gate = new SwapGate();
        await gate.EnterAsync(Deadline);
        using var cancel = new CancellationTokenSource();
        Task closed = gate.CloseAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closed);
        await gate.EnterAsync(Deadline);
    }
}
