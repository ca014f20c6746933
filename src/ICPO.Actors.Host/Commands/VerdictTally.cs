using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Host.Commands;

/// <summary>Counts verdicts and lists invalid gold answers. Thread-safe.</summary>
internal sealed class VerdictTally
{
    private const int MaxPlaces = 10;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<Verdict, int> _verdicts = [];
    private readonly List<string> _invalid = [];

    /// <summary>True if all gold answers are valid and the verifier did not fail.</summary>
    public bool IsClean => _invalid.Count == 0 && !_verdicts.Keys.Any(v => v is Verdict.TimedOut or Verdict.Crashed);

    /// <param name="invalidGold">The place of the gold answer if it is invalid.</param>
    public void Add(Verdict verdict, string? invalidGold)
    {
        lock (_gate)
        {
            _verdicts[verdict] = _verdicts.GetValueOrDefault(verdict) + 1;
            if (invalidGold is not null)
            {
                _invalid.Add(invalidGold);
            }
        }
    }

    public string Summary()
    {
        string counts = string.Join(", ", _verdicts.Select(v => $"{v.Value} {JsonOutput.Name(v.Key)}"));
        string summary = $"{_verdicts.Values.Sum()} verified{(counts.Length > 0 ? ": " + counts : "")}.";
        if (_invalid.Count == 0)
        {
            return summary;
        }

        string places = string.Join(", ", _invalid.OrderBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal).Take(MaxPlaces));
        return $"{summary} {_invalid.Count} invalid gold answers: {places}{(_invalid.Count > MaxPlaces ? ", …" : "")}.";
    }
}
