using ICPO.Actors.Leasing;

namespace ICPO.Actors.Tests.Leasing;

public sealed class LeaseBookTests
{
    private const int Attempts = 3;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Start = TimeSpan.Zero;
    private static readonly LeaseRules Rules = new() { Timeout = Timeout, Attempts = Attempts };

    [Fact]
    public void Every_lease_ends_once_whatever_happens_before_a_worker_that_works() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 2], Gen.Int[0, 5])
            .Array[0, 80]
            .Sample(steps =>
            {
                var walk = new LeaseWalk(Rules);
                foreach ((int step, int worker, int number) in steps)
                {
                    walk.Step(step, worker, number);
                }

                walk.Finish();
            });

    [Fact]
    public void Leases_that_are_taken_back_come_before_those_that_wait_oldest_first()
    {
        LeaseBook<string, int> book = Book(leases: 4, units: 2);
        book.Demand("first", Demand(free: 6), Start);
        Assert.Equal([0, 1, 2], book.Match(Start).Select(match => match.Key));
        Assert.Empty(book.Forget("first", "gone", Start).GivenUp);
        book.Demand("second", Demand(free: 8), Start);
        Assert.Equal([(0, 1), (1, 1), (2, 1), (3, 0)], book.Match(Start).Select(match => (match.Key, match.Attempt)));
    }

    [Fact]
    public void A_worker_that_was_given_more_than_it_asked_for_takes_nothing_from_the_others()
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 8);
        book.Demand("small", Demand(free: 2), Start);
        Assert.Single(book.Match(Start));
        Assert.False(book.Wants(0));
        book.Demand("other", Demand(free: 2), Start);
        Assert.True(book.Wants(0));
    }

    [Fact]
    public void Demand_is_absolute_and_an_older_one_is_ignored()
    {
        LeaseBook<string, int> book = Book(leases: 3, units: 1);
        book.Demand("worker", Demand(free: 2, sequence: 5), Start);
        book.Demand("worker", Demand(free: 2, sequence: 5), Start);
        book.Demand("worker", Demand(free: 9, sequence: 4), Start);
        Assert.Equal(2, book.Match(Start).Count);
        book.Demand("worker", Demand(free: 0, sequence: 6, held: [new(0, 0), new(1, 0)]), Start);
        Assert.Empty(book.Match(Start));
        book.Arrived(new(0, 0), 0, Start);
        book.Demand("worker", Demand(free: 1, sequence: 7, held: [new(1, 0)]), Start);
        Assert.Equal(2, book.Match(Start).Single().Key);
    }

    [Fact]
    public void A_lease_that_was_lost_is_sent_again_and_one_that_is_not_wanted_is_cancelled()
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 1);
        book.Demand("worker", Demand(free: 1, sequence: 1), Start);
        book.Match(Start);
        Assert.Empty(book.Demand("worker", Demand(free: 1, sequence: 2), Start).Repeated);
        TimeSpan later = Start + Rules.Repeat;
        Assert.Equal((0, 0), Only(book.Demand("worker", Demand(free: 1, sequence: 3), later).Repeated));
        Assert.Empty(book.Demand("worker", Demand(free: 0, sequence: 4, held: [new(0, 0)]), later + later).Repeated);
        LeaseOutcome<string, int> stray = book.Demand("worker", Demand(free: 0, sequence: 5, held: [new(0, 0), new(7, 1)]), later);
        Assert.Equal((7, 1), (stray.Cancelled.Single().Key, stray.Cancelled.Single().Attempt));
    }

    [Fact]
    public void Progress_extends_a_lease_and_a_repeated_report_does_not()
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 1);
        book.Demand("slow", Demand(free: 1), Start);
        book.Match(Start);
        TimeSpan now = Start;
        for (long steps = 1; steps < 20; steps++)
        {
            now += Timeout - TimeSpan.FromTicks(1);
            Assert.True(book.Progress("slow", new(0, 0), steps, now));
            Assert.False(book.Progress("slow", new(0, 0), steps, now + TimeSpan.FromTicks(1)));
            Assert.Empty(book.Expire("", now).Cancelled);
        }

        Assert.Single(book.Expire("", now + Timeout).Cancelled);
    }

    [Fact]
    public void A_worker_whose_lease_expired_gets_nothing_until_it_has_ended_it()
    {
        LeaseBook<string, int> book = Book(leases: 2, units: 1);
        book.Demand("hung", Demand(free: 1, sequence: 1), Start);
        book.Match(Start);
        LeaseOutcome<string, int> expired = book.Expire("", Start + Timeout);
        Assert.Equal(("hung", 0, 0), expired.Cancelled.Select(one => (one.Worker, one.Key, one.Attempt)).Single());
        book.Demand("hung", Demand(free: 5, sequence: 2, held: [new(0, 0)]), Start + Timeout);
        Assert.Empty(book.Match(Start + Timeout));
        Assert.Contains("worker", book.Waits(Start + Timeout).Single(), StringComparison.Ordinal);
        book.Demand("hung", Demand(free: 5, sequence: 3), Start + Timeout);
        Assert.Equal([(0, 1), (1, 0)], book.Match(Start + Timeout).Select(match => (match.Key, match.Attempt)));
    }

    [Fact]
    public void A_lease_is_given_up_after_its_attempts_even_if_it_only_expires()
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 3);
        TimeSpan now = Start;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            book.Demand($"worker {attempt}", Demand(free: 3), now);
            Assert.Equal(attempt, book.Match(now).Single().Attempt);
            book.Arrived(new(0, attempt), attempt == 0 ? 1 : 0, now);
            now += Timeout;
            LeaseOutcome<string, int> expired = book.Expire("no progress", now);
            Assert.Equal(attempt == Attempts - 1 ? 1 : 0, expired.GivenUp.Length);
            if (attempt == Attempts - 1)
            {
                Assert.Equal([2], expired.GivenUp[0].Units);
                Assert.Equal("no progress", expired.GivenUp[0].Reason);
            }
        }

        Assert.Equal(0, book.Open);
    }

    [Theory]
    [InlineData(false, new[] { 0, 2 })]
    [InlineData(true, new[] { 0, 1, 2 })]
    public void Only_what_has_not_arrived_is_given_again_unless_requests_are_whole(bool whole, int[] units)
    {
        var book = new LeaseBook<string, int>(Rules with { Whole = whole });
        book.Add(0, 0, [0, 1, 2]);
        book.Demand("first", Demand(free: 3), Start);
        book.Match(Start);
        book.Arrived(new(0, 0), 1, Start);
        book.Forget("first", "gone", Start);
        book.Demand("second", Demand(free: 3), Start);
        Assert.Equal(units, book.Match(Start).Single().Units);
    }

    [Fact]
    public void A_workers_own_fault_is_no_attempt_and_the_lease_does_not_go_to_it_again()
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 1);
        book.Demand("broken", Demand(free: 8), Start);
        Assert.Equal("broken", book.Match(Start).Single().Worker);
        book.Demand("healthy", Demand(free: 1), Start);
        Assert.Empty(book.WorkerFailed("broken", new(0, 0), "out of order", Start).GivenUp);
        TimeSpan rested = Start + Rules.LongestRest;
        book.Expire("", rested);
        Assert.Equal(("healthy", 1), book.Match(rested).Select(match => (match.Worker, match.Attempt)).Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_worker_that_fails_rests_and_its_faults_are_attempts_only_if_it_works_between_them(bool works)
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 1);
        book.Demand("only", Demand(free: 2), Start);
        TimeSpan now = Start;
        bool givenUp = false;
        for (int fault = 0; fault < 10 * Attempts && !givenUp; fault++)
        {
            Assert.Equal((0, fault), book.Match(now).Select(match => (match.Key, match.Attempt)).Single());
            givenUp = !book.WorkerFailed("only", new(0, fault), "out of order", now).GivenUp.IsEmpty;
            Assert.Equal(works && fault == Attempts - 1, givenUp);
            book.Expire("", now);
            Assert.Empty(book.Match(now));
            now += Rules.LongestRest;
            book.Expire("", now);
            if (works)
            {
                Deliver(book, "only", 100 + fault, now);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_worker_that_ends_again_and_again_costs_a_lease_attempts_only_if_it_works_between(bool works)
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 1);
        bool givenUp = false;
        for (int end = 0; end < 10 * Attempts && !givenUp; end++)
        {
            string worker = $"start {end}";
            book.Demand(worker, Demand(free: 2), Start);
            Assert.Single(book.Match(Start));
            if (works)
            {
                Deliver(book, worker, 100 + end, Start);
            }

            givenUp = !book.Forget(worker, "gone", Start).GivenUp.IsEmpty;
            Assert.Equal(works && end == Attempts - 1, givenUp);
        }
    }

    [Fact]
    public void A_worker_is_at_work_while_it_has_a_lease_and_no_fault_since_it_worked_last()
    {
        LeaseBook<string, int> book = Book(leases: 2, units: 1);
        book.Demand("worker", Demand(free: 1), Start);
        Assert.False(book.AnyAtWork);
        book.Match(Start);
        Assert.True(book.AnyAtWork);
        book.WorkerFailed("worker", new(0, 0), "out of order", Start);
        TimeSpan rested = Start + Rules.LongestRest;
        book.Expire("", rested);
        book.Match(rested);
        Assert.False(book.AnyAtWork);
        book.Progress("worker", new(0, 1), 70, rested);
        Assert.False(book.AnyAtWork);
        book.Progress("worker", new(0, 1), 71, rested);
        Assert.True(book.AnyAtWork);
        book.Expire("", rested + Timeout);
        Assert.False(book.AnyAtWork);
    }

    [Fact]
    public void A_lease_that_another_attempt_completes_is_cancelled_where_it_runs()
    {
        LeaseBook<string, int> book = Book(leases: 1, units: 1);
        book.Demand("slow", Demand(free: 1), Start);
        book.Match(Start);
        book.Expire("", Start + Timeout);
        book.Demand("other", Demand(free: 1), Start + Timeout);
        book.Match(Start + Timeout);
        LeaseOutcome<string, int> arrived = book.Arrived(new(0, 0), 0, Start + Timeout);
        Assert.Equal(("other", 1), (arrived.Cancelled.Single().Worker, arrived.Cancelled.Single().Attempt));
        Assert.Equal(0, book.Open);
        Assert.Empty(book.Arrived(new(0, 1), 0, Start + Timeout).Cancelled);
    }

    [Fact]
    public void A_book_is_drained_when_every_worker_that_reacts_has_ended_its_leases()
    {
        LeaseBook<string, int> book = Book(leases: 2, units: 1);
        book.Demand("hung", Demand(free: 1), Start);
        book.Match(Start);
        book.Expire("", Start + Timeout);
        book.Demand("works", Demand(free: 1, sequence: 1), Start + Timeout);
        Assignment<string, int> given = book.Match(Start + Timeout).Single();
        Assert.Equal("works", book.Close(Start + Timeout).Cancelled.Single().Worker);
        Assert.False(book.IsDrained);
        book.Demand("works", Demand(free: 0, sequence: 2, held: [new(given.Key, given.Attempt)]), Start + Timeout);
        Assert.False(book.IsDrained);
        book.Demand("works", Demand(free: 1, sequence: 3), Start + Timeout);
        Assert.True(book.IsDrained);
    }

    private static LeaseBook<string, int> Book(int leases, int units)
    {
        var book = new LeaseBook<string, int>(Rules);
        for (int lease = 0; lease < leases; lease++)
        {
            book.Add(lease, 0, Enumerable.Range(0, units));
        }

        return book;
    }

    /// <summary>The worker does something else meanwhile.</summary>
    private static void Deliver(LeaseBook<string, int> book, string worker, int lease, TimeSpan now)
    {
        book.Add(lease, 1, [0]);
        book.Demand(worker, Demand(free: 2, sequence: 10 * lease) with { Kinds = [1] }, now);
        Assert.Equal((worker, lease), book.Match(now).Select(match => (match.Worker, match.Key)).Single());
        book.Arrived(new(lease, 0), 0, now);
        book.Demand(worker, Demand(free: 2, sequence: (10 * lease) + 1), now);
    }

    private static WorkerState<int> Demand(int free, long sequence = 0, Grant<int>[]? held = null) =>
        new("worker", sequence, free, [0], [.. held ?? []]);

    private static (int, int) Only(IEnumerable<Assignment<string, int>> assignments) =>
        assignments.Select(one => (one.Key, one.Attempt)).Single();
}
