using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>
/// Continuous batching: requests wait in order of arrival, siblings enter slots as these come free, and all sequences in flight
/// advance by one token per step. At most the request at the head of the queue is partly started; its prompt's cache is
/// kept in a separate slot until its last sibling has started. Used on the engine's thread only.
/// </summary>
/// <param name="session">The model, with one slot more than <paramref name="slots"/>.</param>
/// <param name="tokenizer">Decodes text for stop strings.</param>
/// <param name="slots">Sequences in flight at once.</param>
/// <param name="isolate">Never mix the sequences of two requests.</param>
/// <param name="endTokens">Tokens that end a response, in addition to those of its sampler settings.</param>
/// <param name="threads">Threads that draw tokens of large vocabularies; the result does not depend on it.</param>
internal sealed partial class RunningBatch(
    DecodeSession session,
    ITokenizer tokenizer,
    int slots,
    bool isolate,
    ImmutableArray<int> endTokens,
    int threads = 1
)
{
    /// <summary>Prompt tokens prefilled together; a longer prompt is prefilled alone.</summary>
    private const int PrefillTokens = 2048;

    private readonly Queue<OpenRequest> _queue = [];
    private readonly List<ActiveSequence> _active = [];
    private readonly Stack<int> _free = new(Enumerable.Range(0, slots).Reverse());
    private readonly List<Row> _rows = [];
    private readonly List<int> _wanted = [];
    private readonly List<Admission> _admissions = [];
    private readonly BatchSampler _sampler = new(session.VocabularySize, threads);

    private StopMatcher? _stops;
    private int _limit = slots;
    private long _steps;

    /// <summary>The slot that keeps the prompt of a partly started request.</summary>
    private int PromptSlot => session.Slots - 1;

    /// <summary>The version that samples the next token.</summary>
    public PolicyVersion Version { get; private set; }

    /// <summary>Sequences in flight at once, from now on.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>Decode steps so far.</summary>
    public long Steps => Volatile.Read(ref _steps);

    public bool IsIdle => _queue.Count == 0 && _active.Count == 0;

    /// <summary>True while sequences are in flight.</summary>
    public bool IsDecoding => _active.Count > 0;

    /// <summary>True to start no further sequences.</summary>
    public bool IsPaused { get; set; }

    public void Enqueue(OpenRequest request) => _queue.Enqueue(request);

    /// <summary>Called after the session has new weights. Later sequences prefill again.</summary>
    /// <param name="version">Of the weights.</param>
    /// <param name="recompute">Computes the cache of sequences in flight again; otherwise they keep it.</param>
    public void Swapped(PolicyVersion version, bool recompute)
    {
        Version = version;
        foreach (ActiveSequence sequence in recompute ? _active : [])
        {
            _rows.Clear();
            sequence.AddCached(_rows);
            _ = session.Forward(CollectionsMarshal.AsSpan(_rows), [_rows.Count - 1]);
        }

        if (_queue.TryPeek(out OpenRequest? head))
        {
            head.PromptLogits = null;
        }
    }

    /// <summary>Starts waiting siblings, then advances every sequence in flight by one token.</summary>
    public void Step()
    {
        DropAbandoned();
        while (!IsPaused && Admit()) { }

        Decode();
    }

    /// <summary>Ends every request that is waiting, starting or in flight.</summary>
    public void Fail(Exception reason)
    {
        foreach (OpenRequest request in Open)
        {
            request.Fail(reason);
        }
    }

    private IEnumerable<OpenRequest> Open =>
        _active.Select(sequence => sequence.Owner).Concat(_admissions.Select(admission => admission.Request)).Concat(_queue);

    private void Decode()
    {
        if (_active.Count == 0)
        {
            return;
        }

        Volatile.Write(ref _steps, _steps + 1);
        _rows.Clear();
        _wanted.Clear();
        foreach (ActiveSequence sequence in _active)
        {
            _wanted.Add(_rows.Count);
            _rows.Add(sequence.Next);
        }

        ReadOnlySpan<float> logits = session.Forward(CollectionsMarshal.AsSpan(_rows), CollectionsMarshal.AsSpan(_wanted));
        ReadOnlySpan<SampledToken> drawn = _sampler.Draw(_active, logits);
        int kept = 0;
        for (int at = 0; at < _active.Count; at++)
        {
            if (Take(_active[at], drawn[at]))
            {
                _active[kept++] = _active[at];
            }
        }

        _active.RemoveRange(kept, _active.Count - kept);
    }

    /// <summary>Prefills what fits and starts its siblings.</summary>
    /// <returns>True if something started: slots may be free again, and more may fit.</returns>
    private bool Admit()
    {
        _rows.Clear();
        _wanted.Clear();
        _admissions.Clear();
        int free = _free.Count;
        while (free > 0 && NextWaiting() is { } request)
        {
            int siblings = Math.Min(request.Waiting, free);
            bool prefill = request.PromptLogits is null;
            if (prefill && _rows.Count > 0 && _rows.Count + request.Request.Prompt.Length > PrefillTokens)
            {
                break;
            }

            var admission = new Admission(
                request,
                siblings,
                [.. Enumerable.Range(0, siblings).Select(_ => _free.Pop())],
                prefill ? _wanted.Count : -1
            );
            _admissions.Add(admission);
            free -= siblings;
            if (prefill)
            {
                AddPrompt(request.Request, admission.Slots[0]);
            }

            if (siblings == request.Waiting)
            {
                _queue.Dequeue();
            }

            if (isolate || siblings < request.Waiting)
            {
                break;
            }
        }

        if (_admissions.Count == 0)
        {
            return false;
        }

        ReadOnlySpan<float> logits =
            _rows.Count > 0 ? session.Forward(CollectionsMarshal.AsSpan(_rows), CollectionsMarshal.AsSpan(_wanted)) : default;
        foreach (Admission admission in _admissions)
        {
            Start(admission, logits);
        }

        return true;
    }

    /// <summary>The request at the head of the queue, if it may start now.</summary>
    private OpenRequest? NextWaiting()
    {
        while (_queue.TryPeek(out OpenRequest? head))
        {
            if (!head.IsAbandoned)
            {
                bool alone = _active.TrueForAll(sequence => sequence.Owner == head);
                return !isolate || alone ? head : null;
            }

            _queue.Dequeue();
        }

        return null;
    }

    private void AddPrompt(GenerationRequest request, int slot)
    {
        for (int position = 0; position < request.Prompt.Length; position++)
        {
            _rows.Add(new Row(request.Prompt[position], slot, position));
        }

        _wanted.Add(_rows.Count - 1);
    }

    private void Start(Admission admission, ReadOnlySpan<float> prefilled)
    {
        (OpenRequest request, int siblings, int[] taken, int at) = admission;
        int source = at < 0 ? PromptSlot : taken[0];
        ReadOnlySpan<float> logits = at < 0 ? request.PromptLogits : prefilled.Slice(at * session.VocabularySize, session.VocabularySize);
        int length = request.Request.Prompt.Length;
        for (int sibling = 0; sibling < siblings; sibling++)
        {
            if (taken[sibling] != source)
            {
                session.CopyPrefix(source, taken[sibling], length);
            }
        }

        if (at >= 0 && siblings < request.Waiting)
        {
            session.CopyPrefix(source, PromptSlot, length);
            request.PromptLogits = logits.ToArray();
        }

        StopMatcher stops = Stops(request.Request.Sampler);
        for (int sibling = 0; sibling < siblings; sibling++)
        {
            var sequence = new ActiveSequence(request, request.StartSibling(), taken[sibling], stops);
            if (Take(sequence, _sampler.Draw(sequence, logits)))
            {
                _active.Add(sequence);
            }
        }
    }

    /// <summary>Appends the drawn token; a sequence that ends with it is yielded and its slot freed.</summary>
    /// <returns>True if the sequence continues.</returns>
    private bool Take(ActiveSequence sequence, SampledToken drawn)
    {
        if (sequence.Take(drawn, Version, session.Context) is not { } finish)
        {
            return true;
        }

        sequence.End(finish);
        _free.Push(sequence.Slot);
        return false;
    }

    /// <summary>The previous matcher where it can be reused: requests of a run usually have the same stop conditions.</summary>
    private StopMatcher Stops(SamplerSettings sampler)
    {
        SamplerSettings settings = sampler with { StopTokens = [.. sampler.StopTokens, .. endTokens] };
        return _stops is { } last && last.Serves(settings) ? last : _stops = new StopMatcher(tokenizer, settings);
    }

    private void DropAbandoned()
    {
        foreach (ActiveSequence sequence in _active)
        {
            if (sequence.Owner.IsAbandoned)
            {
                _free.Push(sequence.Slot);
            }
        }

        _active.RemoveAll(sequence => sequence.Owner.IsAbandoned);
        while (_queue.TryPeek(out OpenRequest? head) && head.IsAbandoned)
        {
            _queue.Dequeue();
        }
    }

    /// <summary>Siblings that start together.</summary>
    /// <param name="Slots">One per sibling; the prompt is prefilled into the first.</param>
    /// <param name="Logits">Which of the prefilled prompts it is; −1 where the prompt's cache was kept.</param>
    private readonly record struct Admission(OpenRequest Request, int Siblings, int[] Slots, int Logits);
}
