using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.RunFiles.Journal;

/// <summary>An update that was committed.</summary>
/// <param name="Version">What it made.</param>
/// <param name="WeightsSha256">Of those weights.</param>
/// <param name="Groups">What it trained on, in order.</param>
public sealed record JournalUpdate(PolicyVersion Version, string WeightsSha256, ImmutableArray<GroupAdmittedEvent> Groups)
{
    public PolicyVersion From => new(Version.Value - 1);
}

/// <summary>
/// The journal of a run directory, to look at. Nothing is started, locked or written, so it works beside a run that is going on and
/// on what one left that was killed. Where the oldest events are gone, it begins with the snapshot that stands for them.
/// </summary>
public sealed class RunJournal
{
    private readonly string _payloads;

    private RunJournal(RunDirectory directory, RunSettings settings, BufferSnapshot? start, ImmutableArray<IBufferEvent> events)
    {
        (Directory, Settings, Start, Events, _payloads) = (directory, settings, start, events, directory.Payloads);
        (State, Updates) = Fold();
    }

    public RunDirectory Directory { get; }

    public RunSettings Settings { get; }

    /// <summary>What of the run's configuration this version does not know.</summary>
    public ImmutableArray<string> Notes { get; private init; } = [];

    /// <summary>What stands for the events before <see cref="Events"/>; null where these begin with the run.</summary>
    public BufferSnapshot? Start { get; }

    public ImmutableArray<IBufferEvent> Events { get; }

    /// <summary>Where the run stands.</summary>
    public BufferState State { get; }

    /// <summary>Committed updates, oldest first: all, or those that <see cref="Start"/> still knows and all after them.</summary>
    public ImmutableArray<JournalUpdate> Updates { get; }

    /// <summary>Reads the journal of a run.</summary>
    /// <exception cref="IOException">The directory holds no run, or its journal cannot be opened; names it.</exception>
    /// <exception cref="InvalidDataException">An event cannot be read; names it.</exception>
    public static RunJournal Open(string path)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        if (!System.IO.Directory.Exists(directory.Path))
        {
            throw new DirectoryNotFoundException($"{path}: there is no such run directory.");
        }

        (RunSettings settings, ImmutableArray<string> notes) = StoredConfiguration.Read(directory);
        JournalContent content = JournalFile.Read(directory, settings);
        bool whole = content.Events is [] ? content.Snapshot is null : content.Events[0].Sequence == 1;
        BufferSnapshot? start = whole
            ? null
            : content.Snapshot
                ?? throw new InvalidDataException(
                    $"{directory.Path}: the journal begins with event {content.Events[0].Sequence}, and no snapshot stands for those before; put the journal back from a copy."
                );
        return new RunJournal(
            directory,
            settings,
            start,
            [.. content.Events.Where(entry => whole || entry.Sequence > content.SnapshotAt).Select(entry => entry.Event)]
        )
        {
            Notes = notes,
        };
    }

    /// <summary>The tokens of a stored group.</summary>
    /// <exception cref="InvalidDataException">They are gone or damaged; names file and place.</exception>
    public TrainingGroup Read(GroupAdmittedEvent stored) => GroupPayload.Read(SegmentLog.Read(_payloads, stored.Payload));

    /// <summary>A rollout that waits for its siblings.</summary>
    /// <exception cref="InvalidDataException">It is gone or damaged; names file and place.</exception>
    public JudgedRollout Read(RolloutStoredEvent stored) => GroupPayload.ReadRollout(SegmentLog.Read(_payloads, stored.Payload));

    /// <summary>False where the tokens of a group were deleted, as nothing needs them to go on.</summary>
    public bool Holds(GroupAdmittedEvent stored) => SegmentLog.Holds(_payloads, stored.Payload);

    /// <summary>A state before the first of <see cref="Events"/>.</summary>
    internal BufferState Begin() => Start is null ? new BufferState() : new BufferState(Start);

    private (BufferState State, ImmutableArray<JournalUpdate> Updates) Fold()
    {
        BufferState state = Begin();
        ImmutableArray<JournalUpdate>.Builder updates = ImmutableArray.CreateBuilder<JournalUpdate>();
        updates.AddRange(state.Uncheckpointed.Select(update => new JournalUpdate(update.Version, update.WeightsSha256, update.Groups)));
        foreach (IBufferEvent happened in Events)
        {
            if (JournalRules.Violation(state, happened) is not null)
            {
                continue;
            }

            if (happened is UpdateCommittedEvent recorded)
            {
                updates.Add(new JournalUpdate(recorded.Version, recorded.WeightsSha256, state.PreparedGroups));
            }

            state.Apply(happened);
        }

        return (state, updates.ToImmutable());
    }
}
