using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.RunFiles.Journal;

/// <summary>A committed update.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="WeightsSha256">SHA-256 of its weights.</param>
/// <param name="Groups">The groups that it trained on, in order.</param>
public sealed record JournalUpdate(PolicyVersion Version, string WeightsSha256, ImmutableArray<GroupAdmittedEvent> Groups)
{
    /// <summary>The hardware that computed it last; empty in journals of earlier versions.</summary>
    public string Hardware { get; init; } = "";

    public PolicyVersion From => new(Version.Value - 1);
}

/// <summary>
/// The journal of a run directory, opened for reading. Nothing is started, locked or written, so the run may be active or may have been
/// killed. Where the oldest events are deleted, it begins with the snapshot that replaces them.
/// </summary>
public sealed class RunJournal
{
    private readonly IPayloadReader _payloads;

    private RunJournal(RunDirectory directory, RunSettings settings, BufferSnapshot? start, ImmutableArray<IBufferEvent> events)
    {
        (Directory, Settings, Start, Events, _payloads) = (directory, settings, start, events, PayloadTable.Open(directory, settings));
        (State, Updates) = Fold();
    }

    public RunDirectory Directory { get; }

    public RunSettings Settings { get; }

    /// <summary>Keys of the run's configuration that are unknown to this version.</summary>
    public ImmutableArray<string> Notes { get; private init; } = [];

    /// <summary>The snapshot that replaces the events before <see cref="Events"/>; null if these begin with the run.</summary>
    public BufferSnapshot? Start { get; }

    public ImmutableArray<IBufferEvent> Events { get; }

    /// <summary>The state after all events.</summary>
    public BufferState State { get; }

    /// <summary>Committed updates, oldest first: all, or those in <see cref="Start"/> and all after it.</summary>
    public ImmutableArray<JournalUpdate> Updates { get; }

    /// <summary>Reads the journal of a run.</summary>
    /// <exception cref="IOException">The directory holds no run, or its journal cannot be opened; names it.</exception>
    /// <exception cref="InvalidDataException">An event cannot be read; names it.</exception>
    public static RunJournal Open(string path)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        if (!System.IO.Directory.Exists(directory.Path))
        {
            throw new DirectoryNotFoundException($"{path}: no such run directory.");
        }

        (RunSettings settings, ImmutableArray<string> notes) = StoredConfiguration.Read(directory);
        return Open(directory, settings, notes);
    }

    /// <summary>Reads the journal of a run whose configuration has been read.</summary>
    /// <inheritdoc cref="Open(string)"/>
    internal static RunJournal Open(RunDirectory directory, RunSettings settings, ImmutableArray<string> notes)
    {
        JournalContent content = JournalFile.Read(directory, settings);
        bool whole = content.Events is [] ? content.Snapshot is null : content.Events[0].Sequence == 1;
        BufferSnapshot? start = whole
            ? null
            : content.Snapshot
                ?? throw new InvalidDataException(
                    $"{directory.Path}: the journal starts with event {content.Events[0].Sequence}, and no snapshot "
                        + "replaces those before it; restore the journal from a copy."
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

    /// <summary>Reads a stored group.</summary>
    /// <exception cref="InvalidDataException">Its payload is missing or damaged; names file and offset.</exception>
    public TrainingGroup Read(GroupAdmittedEvent stored) => GroupPayload.Read(_payloads.Read(stored.Payload));

    /// <summary>Reads a rollout that waits for its siblings.</summary>
    /// <exception cref="InvalidDataException">Its payload is missing or damaged; names file and offset.</exception>
    public JudgedRollout Read(RolloutStoredEvent stored) => GroupPayload.ReadRollout(_payloads.Read(stored.Payload));

    /// <summary>False if the payload of a group was deleted because it is no longer needed.</summary>
    public bool Holds(GroupAdmittedEvent stored) => _payloads.Holds(stored.Payload);

    /// <summary>The state before the first of <see cref="Events"/>.</summary>
    internal BufferState Begin() => Start is null ? new BufferState() : new BufferState(Start);

    private (BufferState State, ImmutableArray<JournalUpdate> Updates) Fold()
    {
        BufferState state = Begin();
        List<JournalUpdate> updates = [];
        updates.AddRange(
            state.Uncheckpointed.Select(update => new JournalUpdate(update.Version, update.WeightsSha256, update.Groups)
            {
                Hardware = update.Hardware,
            })
        );
        foreach (IBufferEvent happened in Events)
        {
            if (JournalRules.Violation(state, happened) is not null)
            {
                continue;
            }

            if (happened is UpdateCommittedEvent recorded)
            {
                updates.Add(
                    new JournalUpdate(recorded.Version, recorded.WeightsSha256, state.PreparedGroups) { Hardware = recorded.Hardware }
                );
            }

            if (happened is UpdatesRedoneEvent redone)
            {
                Replace(updates, redone);
            }

            state.Apply(happened);
        }

        return (state, [.. updates]);
    }

    private static void Replace(List<JournalUpdate> updates, UpdatesRedoneEvent redone)
    {
        foreach (RedoneUpdate update in redone.Updates)
        {
            int at = updates.FindLastIndex(made => made.Version == update.Version);
            if (at >= 0)
            {
                updates[at] = updates[at] with { WeightsSha256 = update.WeightsSha256, Hardware = redone.Hardware };
            }
        }
    }
}
