using ICPO.Actors.Host.Comparing;

namespace ICPO.Actors.Host.Tests.Comparing;

/// <summary>Which runs of a comparison are active at the same time.</summary>
public sealed class RunSlotsTests
{
    [Fact]
    public void A_run_starts_if_its_memory_fits_beside_the_others_or_if_it_is_alone()
    {
        var slots = new RunSlots(3, 100);
        Assert.True(slots.TryTake(60));
        Assert.False(slots.TryTake(50));
        Assert.True(slots.TryTake(40));
        Assert.True(slots.TryTake(0));
        Assert.False(slots.TryTake(0));
        slots.Release(60);
        slots.Release(40);
        slots.Release(0);
        Assert.True(slots.TryTake(500));
        Assert.False(slots.TryTake(1));
    }

    [Theory]
    [InlineData(2, 1, 1, 2)]
    [InlineData(2, 1, 4, 1)]
    [InlineData(16, 3, 2, 5)]
    [InlineData(4, 0, 0, 4)]
    public void Runs_have_a_core_for_each_of_their_threads(int cores, int learner, int engines, int runs) =>
        Assert.Equal(runs, RunSlots.ByCores(cores, (learner, engines)));

    [Fact]
    public void Every_run_starts_in_the_end_and_the_bounds_hold_all_the_time() =>
        Gen.Select(Gen.Int[1, 5], Gen.Long[1, 100], Gen.Long[0, 150].Array[1, 30])
            .Sample(
                (count, memory, needs) =>
                {
                    var slots = new RunSlots(count, memory);
                    Queue<long> waiting = new(needs);
                    Queue<long> running = [];
                    while (waiting.TryPeek(out long need))
                    {
                        if (slots.TryTake(need))
                        {
                            running.Enqueue(waiting.Dequeue());
                            Assert.InRange(running.Count, 1, count);
                            Assert.True(running.Count == 1 || running.Sum() <= memory);
                        }
                        else
                        {
                            Assert.NotEmpty(running);
                            slots.Release(running.Dequeue());
                        }
                    }
                }
            );
}
