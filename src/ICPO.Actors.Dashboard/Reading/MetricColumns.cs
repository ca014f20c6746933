using ICPO.Actors.RunFiles.History;

namespace ICPO.Actors.Dashboard.Reading;

/// <summary>Metrics by update, one column per metric under its current name; NaN where an update has none.</summary>
internal sealed class MetricColumns
{
    /// <summary>A file with more names was not written by a run.</summary>
    private const int MaxColumns = 2000;

    private readonly List<long> _updates = [];
    private readonly List<double> _seconds = [];
    private readonly Dictionary<string, List<double>> _columns = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, EvaluationLine> _evaluations = [];

    /// <summary>The columns of the previous line by place: a run writes all lines alike, so that most need not be looked up.</summary>
    private readonly List<(string Name, List<double> Column)> _previous = [];

    /// <summary>Lines that are incomplete or not a run's.</summary>
    public int BrokenLines { get; set; }

    /// <summary>The updates, ascending.</summary>
    public IReadOnlyList<long> Updates => _updates;

    /// <summary>When each update was committed, in seconds of the run.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>The names of the metrics.</summary>
    public IEnumerable<string> Names => _columns.Keys.Order(StringComparer.Ordinal);

    /// <summary>By update.</summary>
    public IReadOnlyCollection<EvaluationLine> Evaluations => _evaluations.Values;

    /// <summary>The values of a metric, one per update; empty if there is none.</summary>
    public IReadOnlyList<double> Column(string name) => _columns.TryGetValue(name, out List<double>? column) ? column : [];

    /// <summary>The last value of a metric; null if there is none.</summary>
    public double? Last(string name) =>
        _columns.TryGetValue(name, out List<double>? column) && column.FindLastIndex(double.IsFinite) is >= 0 and var at
            ? column[at]
            : null;

    public void Add(EvaluationLine evaluation) => _evaluations[evaluation.Update] = evaluation;

    /// <summary>Adds an update; a repeated one (after a recovery) replaces its earlier line. False for an update out of order.</summary>
    public bool Add(long update, double seconds, List<(string Name, double Value)> values)
    {
        int row = _updates.Count == 0 || update > _updates[^1] ? _updates.Count : _updates.BinarySearch(update);
        if (row < 0)
        {
            return false;
        }

        if (row == _updates.Count)
        {
            _updates.Add(update);
            _seconds.Add(seconds);
        }

        _seconds[row] = seconds;
        for (int place = 0; place < values.Count; place++)
        {
            (string name, double value) = values[place];
            if (ColumnOf(name, place) is { } column)
            {
                Pad(column, row);
                if (row == column.Count)
                {
                    column.Add(value);
                }
                else
                {
                    column[row] = value;
                }
            }
        }

        return true;
    }

    /// <summary>Gives all columns their full length, after lines were added.</summary>
    public void Complete()
    {
        foreach (List<double> column in _columns.Values)
        {
            Pad(column, _updates.Count);
        }
    }

    public MetricColumns Copy()
    {
        var copy = new MetricColumns { BrokenLines = BrokenLines };
        copy._updates.AddRange(_updates);
        copy._seconds.AddRange(_seconds);
        foreach ((string name, List<double> column) in _columns)
        {
            copy._columns.Add(name, [.. column]);
        }

        foreach ((long update, EvaluationLine evaluation) in _evaluations)
        {
            copy._evaluations.Add(update, evaluation);
        }

        return copy;
    }

    private static void Pad(List<double> column, int rows)
    {
        while (column.Count < rows)
        {
            column.Add(double.NaN);
        }
    }

    private List<double>? ColumnOf(string name, int place)
    {
        if (place < _previous.Count && ReferenceEquals(_previous[place].Name, name))
        {
            return _previous[place].Column;
        }

        if (!_columns.TryGetValue(name, out List<double>? column))
        {
            if (_columns.Count >= MaxColumns)
            {
                return null;
            }

            _columns.Add(name, column = []);
        }

        if (place < _previous.Count)
        {
            _previous[place] = (name, column);
        }
        else if (place == _previous.Count)
        {
            _previous.Add((name, column));
        }

        return column;
    }
}
