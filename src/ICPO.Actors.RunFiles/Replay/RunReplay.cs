using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.RunFiles.Replay;

/// <summary>An update that was made again.</summary>
/// <param name="Recorded">The hash in the journal.</param>
/// <param name="Batch">Its groups, with rewards and advantages.</param>
/// <param name="WeightsSha256">The SHA-256 of the recomputed weights.</param>
/// <param name="Metrics">As <c>metrics.jsonl</c> has them, but for what depends on the clock.</param>
public sealed record ReplayedUpdate(
    JournalUpdate Recorded,
    AssembledBatch Batch,
    string WeightsSha256,
    ImmutableSortedDictionary<string, double> Metrics
)
{
    /// <summary>True if the weights are those of the run, byte for byte.</summary>
    public bool IsSame => WeightsSha256 == Recorded.WeightsSha256;
}

/// <summary>
/// Rebuilds the learner's weights from the base model and the journal. An update is a function of weights and groups, so every one
/// must give the recorded hash, on the hardware of the run and with its configuration, however asynchronous the run was.
/// </summary>
public sealed class RunReplay : IAsyncDisposable
{
    private readonly RunJournal _journal;
    private readonly ILearner _learner;
    private readonly BatchAssembler _assembler;
    private readonly ImmutableArray<JournalUpdate> _updates;

    private RunReplay(RunJournal journal, ILearner learner, CheckpointWrittenEvent? from)
    {
        (_journal, _learner, From) = (journal, learner, from);
        _assembler = new BatchAssembler(journal.Settings.Group, journal.Settings.Expert, journal.Settings.ScheduleUpdates);
        _updates = [.. journal.Updates.Where(update => update.From >= (from?.Version ?? PolicyVersion.Base))];
    }

    /// <summary>The checkpoint at which it starts; null for the base model.</summary>
    public CheckpointWrittenEvent? From { get; }

    /// <summary>The last update that can be made again.</summary>
    public PolicyVersion Last => _updates is [.., JournalUpdate last] ? last.Version : From?.Version ?? PolicyVersion.Base;

    /// <summary>Starts with the base model, or with the oldest checkpoint from which on all payloads exist.</summary>
    /// <exception cref="InvalidDataException">Payloads of updates that no checkpoint covers were deleted; names the update.</exception>
    public static async Task<RunReplay> BeginAsync(
        RunJournal journal,
        IPolicyBackend backend,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(backend);
        JournalUpdate? gone = journal.Updates.LastOrDefault(update => !update.Groups.All(journal.Holds));
        PolicyVersion least = gone?.Version ?? (journal.Updates is [JournalUpdate first, ..] ? first.From : journal.State.Committed);
        CheckpointWrittenEvent? from = null;
        if (least > PolicyVersion.Base)
        {
            from = journal.State.Checkpoints.FirstOrDefault(checkpoint => checkpoint.Version >= least)
                ?? throw new InvalidDataException(
                    $"{journal.Directory.Path}: payloads up to update {least.Value} are deleted and there is no later checkpoint; "
                        + "a run with journal.keep = all can be replayed from its base model."
                );
        }

        ILearner learner = backend.CreateLearner();
        try
        {
            if (from is not null)
            {
                await learner
                    .RestoreAsync(Path.Combine(journal.Directory.Checkpoints, from.Directory), cancellationToken)
                    .ConfigureAwait(false);
            }

            return new RunReplay(journal, learner, from);
        }
        catch
        {
            await learner.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Makes the updates again, up to <paramref name="until"/>, and gives each as it is made. One whose weights differ is the last.
    /// </summary>
    public async IAsyncEnumerable<ReplayedUpdate> UpdatesAsync(
        PolicyVersion until,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (JournalUpdate update in _updates.Where(update => update.Version <= until))
        {
            cancellationToken.ThrowIfCancellationRequested();
            AssembledBatch batch = _assembler.Assemble(update.From, [.. update.Groups.Select(_journal.Read)]);
            UpdateReport report = await _learner.UpdateAsync(batch.Batch, cancellationToken).ConfigureAwait(false);
            var made = new ReplayedUpdate(update, batch, report.WeightsSha256, UpdateStatistics.Compute(batch, report));
            yield return made;
            if (!made.IsSame)
            {
                yield break;
            }
        }
    }

    /// <summary>Writes the weights as they are now: a checkpoint, the same bytes as the run's own.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public Task SaveAsync(string directory, CancellationToken cancellationToken = default) =>
        _learner.SaveAsync(Path.GetFullPath(directory), cancellationToken);

    /// <summary>The hardware that computes the updates; see <see cref="ILearner.Hardware"/>.</summary>
    public string Hardware => _learner.Hardware;

    public ValueTask DisposeAsync() => _learner.DisposeAsync();
}
