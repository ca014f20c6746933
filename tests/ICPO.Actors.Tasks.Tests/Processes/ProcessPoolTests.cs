using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Commands;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Tasks.Tests.Processes;

/// <summary>What remains of processes that are not needed any more: nothing.</summary>
public sealed class ProcessPoolTests
{
    private static readonly Question Question = new()
    {
        Id = "q",
        Text = "?",
        Answer = "1",
    };

    [Fact]
    public async Task A_process_whose_protocol_throws_is_ended()
    {
        var process = new BrokenProcess();
        await using var pool = new ProcessPool(
            new()
            {
                Name = "broken",
                Workers = 1,
                MaxBatch = 1,
                Start = started =>
                {
                    started(process);
                    return process;
                },
                Unavailable = reason => reason,
            }
        );
        await Assert.ThrowsAsync<VerifierUnavailableException>(() =>
            pool.JudgeAsync(Question, "x", FinishReason.Stop, TestContext.Current.CancellationToken).AsTask()
        );
        await process.Ended.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Empty(pool.ProcessIds);
    }

    [Fact]
    public async Task The_pipes_of_a_command_are_closed_when_it_has_ended()
    {
        (Pipe input, Pipe output) = (new(), new());
        var exchange = new LineExchange(input, output, 100);
        Assert.Null(exchange.Ask([1]));
        exchange.Stop();
        await Task.WhenAll(input.Closed.Task, output.Closed.Task).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    /// <summary>An empty stream that reports its end.</summary>
    private sealed class Pipe : MemoryStream
    {
        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Closed.TrySetResult();
        }
    }

    private sealed class BrokenProcess : IJudgeProcess
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Id => 1;

        public BatchEnd Judge(IReadOnlyList<VerifierCase> cases) => throw new NotSupportedException("a bug");

        public void Kill() { }

        public void Dispose() => Ended.TrySetResult();
    }
}
