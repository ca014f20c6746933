using ICPO.Actors.Leasing;

namespace ICPO.Actors.Tests.Leasing;

/// <summary>
/// A random walk of a lease book with workers that fail, fall silent and end, checked against a simple account of its leases.
/// </summary>
internal sealed class LeaseWalk(LeaseRules rules)
{
    private readonly LeaseBook<int, int> _book = new(rules);
    private readonly Dictionary<int, (int Worker, int Attempt)> _held = [];
    private readonly Dictionary<int, HashSet<int>> _missing = [];
    private readonly HashSet<int> _givenUp = [];
    private TimeSpan _now;
    private long _sequence;

    public void Step(int step, int worker, int number)
    {
        switch (step)
        {
            case 0:
                Demand(worker, number);
                break;
            case 1:
                int units = 1 + (number % 3);
                _missing.Add(_missing.Count, [.. Enumerable.Range(0, units)]);
                _book.Add(_missing.Count - 1, number % 2, Enumerable.Range(0, units));
                break;
            case 2:
                Match();
                break;
            case 3 when _held.Count > 0:
                (int arrived, (int _, int attempt)) = _held.ElementAt(number % _held.Count);
                Arrive(arrived, attempt - (number % 2), _missing[arrived].Min());
                break;
            case 4 when _held.Count > 0:
                (int failed, (int holder, int given)) = _held.ElementAt(number % _held.Count);
                _held.Remove(failed);
                TakeBack(
                    number % 2 == 0
                        ? _book.Fail(holder, new(failed, given), "failed", _now)
                        : _book.WorkerFailed(holder, new(failed, given), "failed", _now)
                );
                break;
            case 5:
                _now += number * TimeSpan.FromSeconds(30);
                LeaseOutcome<int, int> expired = _book.Expire("expired", _now);
                foreach (Cancellation<int, int> cancelled in expired.Cancelled)
                {
                    Assert.Equal((cancelled.Worker, cancelled.Attempt), _held[cancelled.Key]);
                    _held.Remove(cancelled.Key);
                }

                TakeBack(expired);
                break;
            case 6:
                foreach (int lost in _held.Where(entry => entry.Value.Worker == worker).Select(entry => entry.Key).ToArray())
                {
                    _held.Remove(lost);
                }

                TakeBack(_book.Forget(worker, "gone", _now));
                break;
            case 7 when _held.Count > 0:
                (int active, (int busy, int current)) = _held.ElementAt(number % _held.Count);
                _book.Progress(busy, new(active, current), number, _now);
                break;
        }

        Assert.Equal(_missing.Count(entry => entry.Value.Count > 0) - _givenUp.Count, _book.Open);
        Assert.Equal(_book.Open - _held.Count, _book.Waiting);
    }

    /// <summary>A worker that delivers everything ends every lease that was not given up.</summary>
    public void Finish()
    {
        for (int round = 0; _book.Open > 0; round++)
        {
            Assert.True(round < 100, "leases are left that no worker gets");
            _now += rules.Timeout + rules.LongestRest;
            TimeSpan before = _now;
            Step(5, 0, 0);
            Assert.Equal(before, _now);
            Demand(99, 1000);
            Match();
            foreach ((int lease, (int worker, int attempt)) in _held.ToArray())
            {
                if (worker == 99)
                {
                    foreach (int unit in _missing[lease].ToArray())
                    {
                        Arrive(lease, attempt, unit);
                    }
                }
            }
        }

        Assert.Empty(_held);
        Assert.All(_missing, entry => Assert.True(entry.Value.Count == 0 || _givenUp.Contains(entry.Key)));
    }

    private void Demand(int worker, int free) =>
        _book.Demand(
            worker,
            new WorkerState<int>(
                $"{worker}",
                ++_sequence,
                free,
                [0, 1],
                [.. _held.Where(entry => entry.Value.Worker == worker).Select(entry => new Grant<int>(entry.Key, entry.Value.Attempt))]
            ),
            _now
        );

    private void Match()
    {
        foreach (Assignment<int, int> given in _book.Match(_now))
        {
            Assert.DoesNotContain(given.Key, _held.Keys);
            Assert.Equal(_missing[given.Key].Order(), given.Units);
            _held.Add(given.Key, (given.Worker, given.Attempt));
        }
    }

    private void Arrive(int lease, int attempt, int unit)
    {
        _book.Arrived(new(lease, attempt), unit, _now);
        _missing[lease].Remove(unit);
        if (_missing[lease].Count == 0)
        {
            _held.Remove(lease);
        }
    }

    private void TakeBack(LeaseOutcome<int, int> outcome)
    {
        foreach (GivenUp<int> lost in outcome.GivenUp)
        {
            Assert.True(_givenUp.Add(lost.Key));
            Assert.Equal(_missing[lost.Key].Order(), lost.Units);
        }
    }
}
