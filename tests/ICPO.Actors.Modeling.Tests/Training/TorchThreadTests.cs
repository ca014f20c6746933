using ICPO.Actors.Modeling.Torch;
using TorchSharp;

namespace ICPO.Actors.Modeling.Tests.Training;

public sealed class TorchThreadTests
{
    [Fact]
    public async Task Work_runs_in_order_on_one_thread_of_its_own()
    {
        await using TorchThread thread = new("test");
        List<int> order = [];
        Task<int>[] all =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(i =>
                    thread.RunAsync(() =>
                    {
                        order.Add(i);
                        return Environment.CurrentManagedThreadId;
                    })
                ),
        ];
        int[] threads = await Task.WhenAll(all);
        Assert.Single(threads.Distinct());
        Assert.NotEqual(Environment.CurrentManagedThreadId, threads[0]);
        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task A_failure_is_the_answer_and_the_thread_goes_on()
    {
        await using TorchThread thread = new("test");
        await Assert.ThrowsAsync<InvalidOperationException>(() => thread.RunAsync<int>(() => throw new InvalidOperationException("x")));
        Assert.Equal(3, await thread.RunAsync(() => 3));
    }

    [Fact]
    public async Task Dispose_finishes_what_was_given_and_takes_no_more()
    {
        TorchThread thread = new("test");
        Task<int> given = thread.RunAsync(() => 5);
        await thread.DisposeAsync();
        await thread.DisposeAsync();
        Assert.True(given.IsCompletedSuccessfully);
        Assert.Throws<ObjectDisposedException>(() =>
        {
            _ = thread.RunAsync(() => 1);
        });
    }

    [Fact]
    public async Task A_thread_keeps_its_number_of_intra_op_threads_when_another_sets_more()
    {
        await using TorchThread one = new("one");
        await one.RunAsync(() => 0);
        await using TorchThread three = new("three", intraOpThreads: 3);
        Assert.Equal(3, await three.RunAsync(torch.get_num_threads));
        Assert.Equal(1, await one.RunAsync(torch.get_num_threads));
    }
}
