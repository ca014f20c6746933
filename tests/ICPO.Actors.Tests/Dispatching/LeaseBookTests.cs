using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Dispatching;

namespace ICPO.Actors.Tests.Dispatching;

public sealed class LeaseBookTests
{
    private const int Attempts = 3;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Start = TimeSpan.Zero;

    [Fact]
    public void Every_lease_is_waiting_with_one_worker_done_or_given_up_whatever_happens() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 5])
            .Array[0, 80]
            .Sample(steps =>
            {
                var book = new LeaseBook<int>(Timeout, Attempts);
                var held = new Dictionary<LeaseId, (int Worker, TimeSpan Deadline)>();
                var tried = new Dictionary<GroupId, int>();
                int waiting = 0;
                TimeSpan now = Start;
                foreach ((int step, int worker, int number) in steps)
                {
                    switch (step)
                    {
                        case 0:
                            book.Demand(worker, number % 2 == 0 ? Origin.Policy : Origin.Expert, number);
                            break;
                        case 1:
                            book.Add(Make.Lease(tried.Count, number % 2 == 0 ? Origin.Policy : Origin.Expert, 1 + number));
                            tried.Add(new GroupId(tried.Count), 0);
                            waiting++;
                            break;
                        case 2:
                            foreach ((int holder, RolloutLease lease) in book.Match(now))
                            {
                                Assert.DoesNotContain(held.Keys, id => id.Group == lease.Group.Id);
                                Assert.Equal(tried[lease.Group.Id], lease.Attempt);
                                held.Add(lease.Id, (holder, now + Timeout));
                                waiting--;
                            }

                            break;
                        case 3 when held.Count > 0:
                            LeaseId done = held.Keys.ElementAt(number % held.Count);
                            Assert.NotNull(book.Complete(done));
                            Assert.Null(book.Complete(done));
                            held.Remove(done);
                            break;
                        case 4 when held.Count > 0:
                            LeaseId failed = held.Keys.ElementAt(number % held.Count);
                            TakenBack([failed], book.Fail(failed) is { } lost ? [lost] : []);
                            Assert.Null(book.Fail(failed));
                            break;
                        case 5:
                            now += number * TimeSpan.FromSeconds(30);
                            TakenBack([.. held.Where(entry => entry.Value.Deadline <= now).Select(entry => entry.Key)], book.Expire(now));
                            break;
                        case 6:
                            TakenBack(
                                [.. held.Where(entry => entry.Value.Worker == worker).Select(entry => entry.Key)],
                                book.Forget(worker)
                            );
                            break;
                        default:
                            break;
                    }

                    Assert.Equal(waiting, book.Waiting);
                }

                void TakenBack(LeaseId[] taken, IReadOnlyList<RolloutLease> givenUp)
                {
                    Assert.Equal(
                        taken.Where(id => id.Attempt + 1 == Attempts).Order(Comparer<LeaseId>.Create((a, b) => a.Group.CompareTo(b.Group))),
                        givenUp.Select(lease => lease.Id).Order(Comparer<LeaseId>.Create((a, b) => a.Group.CompareTo(b.Group)))
                    );
                    foreach (LeaseId id in taken)
                    {
                        held.Remove(id);
                        tried[id.Group]++;
                        waiting += id.Attempt + 1 < Attempts ? 1 : 0;
                    }
                }
            });

    [Fact]
    public void Leases_that_are_taken_back_come_before_those_that_wait_oldest_first()
    {
        var book = new LeaseBook<string>(Timeout, Attempts);
        for (int group = 0; group < 4; group++)
        {
            book.Add(Make.Lease(group));
        }

        book.Demand("first", Origin.Policy, 6);
        Assert.Equal([0, 1, 2], book.Match(Start).Select(match => match.Lease.Group.Id.Value));
        Assert.Empty(book.Forget("first"));
        book.Demand("second", Origin.Policy, 8);
        Assert.Equal(
            [(0, 1), (1, 1), (2, 1), (3, 0)],
            book.Match(Start).Select(match => (match.Lease.Group.Id.Value, match.Lease.Attempt))
        );
    }

    [Fact]
    public void A_worker_that_was_given_more_than_it_asked_for_takes_nothing_from_the_others()
    {
        var book = new LeaseBook<string>(Timeout, Attempts);
        book.Demand("small", Origin.Policy, 2);
        book.Add(Make.Lease(0, seeds: 8));
        Assert.Single(book.Match(Start));
        Assert.False(book.Wants(Origin.Policy));
        book.Demand("other", Origin.Policy, 2);
        Assert.True(book.Wants(Origin.Policy));
    }
}
