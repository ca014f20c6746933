using System.Text.Json;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Wire.Segments;

namespace RunSupport;

/// <summary>
/// Checks that the journal, the payloads, the checkpoint and the summary of a completed run agree. It reads the journal event by event and
/// shares no code with the buffer that wrote it.
/// </summary>
public sealed class RunAudit
{
    private readonly Dictionary<GroupId, GroupAdmittedEvent> _stored = [];
    private readonly HashSet<GroupId> _withdrawn = [];
    private readonly HashSet<RolloutId> _kept = [];
    private readonly Dictionary<GroupId, int> _trained = [];
    private readonly List<string> _findings = [];
    private UpdatePreparedEvent? _prepared;
    private string? _weights;
    private long _epoch;

    private RunAudit() { }

    /// <summary>Starts of the run.</summary>
    public int Starts { get; private set; }

    /// <summary>Committed updates.</summary>
    public long Committed { get; private set; }

    /// <summary>Rollouts that were stored before their group was admitted or rejected.</summary>
    public int Kept => _kept.Count;

    public int Admitted => _stored.Count;

    public int Trained => _trained.Count;

    public int TrainedTwice => _trained.Values.Count(times => times > 1);

    /// <summary>Admitted groups that were neither trained on nor are intact in the buffer.</summary>
    public int Lost { get; private set; }

    /// <summary>True if the run's own ledger closes.</summary>
    public bool LedgerCloses { get; private set; }

    /// <summary>All inconsistencies; empty if there are none.</summary>
    public IReadOnlyList<string> Findings => _findings;

    public static RunAudit Create(string directory, SmallRun run)
    {
        var audit = new RunAudit();
        long sequence = 0;
        foreach (
            (long number, IBufferEvent happened) in JournalFile
                .Read(new RunDirectory(directory), StoredConfiguration.Read(new RunDirectory(directory)).Settings)
                .Events
        )
        {
            audit.Expect(number == ++sequence, $"event {number} found where {sequence} was expected");
            audit.Apply(happened);
        }

        audit.CheckBuffered(directory, run);
        audit.CheckEnd(directory, run);
        return audit;
    }

    private void Apply(IBufferEvent happened)
    {
        switch (happened)
        {
            case EpochStartedEvent started:
                // On a server a start that was killed before its event has used a number too.
                Expect(started.Epoch.Value > _epoch, $"{started.Epoch} follows epoch {_epoch}");
                (_epoch, Starts) = (started.Epoch.Value, Starts + 1);
                break;
            case RolloutStoredEvent kept:
                Expect(
                    !_stored.ContainsKey(kept.Rollout.Group) && !_withdrawn.Contains(kept.Rollout.Group) && _kept.Add(kept.Rollout),
                    $"{kept.Rollout} is stored twice or too late"
                );
                break;
            case GroupAdmittedEvent stored:
                Expect(_stored.TryAdd(stored.Group, stored) && !_withdrawn.Contains(stored.Group), $"{stored.Group} is decided twice");
                break;
            case GroupRejectedEvent down:
                Expect(_withdrawn.Add(down.Group) && !_trained.ContainsKey(down.Group), $"{down.Group} is decided twice");
                break;
            case UpdatePreparedEvent prepared:
                Expect(_prepared is null, $"an update after {prepared.From} is prepared while another one is");
                Expect(
                    prepared.From.Value == Committed && prepared.Epoch.Value == _epoch,
                    $"an update after {prepared.From} in {prepared.Epoch} is prepared at {Committed} in start {Starts}"
                );
                _prepared = prepared;
                break;
            case UpdateCommittedEvent recorded:
                Expect(
                    recorded.Version.Value == ++Committed && recorded.Epoch.Value == _epoch,
                    $"{recorded.Version} in {recorded.Epoch} follows {Committed - 1} in start {Starts}"
                );
                Expect(_prepared?.Groups.Length == SmallRun.Groups, $"{recorded.Version} has {_prepared?.Groups.Length ?? 0} groups");
                Train(_prepared!);
                (_prepared, _weights) = (null, recorded.WeightsSha256);
                break;
            case CheckpointWrittenEvent checkpoint:
                Expect(checkpoint.Version.Value <= Committed, $"a checkpoint of {checkpoint.Version} precedes its update");
                break;
        }
    }

    private void Train(UpdatePreparedEvent prepared)
    {
        foreach (GroupId group in prepared.Groups)
        {
            int times = _trained[group] = _trained.GetValueOrDefault(group) + 1;
            Expect(times == 1, $"{group} trained {times} times");
            Expect(_stored.ContainsKey(group) && !_withdrawn.Contains(group), $"{group} trained though it was not admitted");
        }
    }

    /// <summary>Groups that were not trained on must be intact in the buffer, and no more of them than admission allows.</summary>
    private void CheckBuffered(string directory, SmallRun run)
    {
        GroupAdmittedEvent[] buffered =
        [
            .. _stored.Values.Where(stored => !_trained.ContainsKey(stored.Group) && !_withdrawn.Contains(stored.Group)),
        ];
        Expect(buffered.Length <= run.MaxBuffered, $"{buffered.Length} groups are buffered at the end, more than {run.MaxBuffered}");
        var place = new RunDirectory(directory);
        IPayloadReader payloads = PayloadTable.Open(place, StoredConfiguration.Read(place).Settings);
        foreach (GroupAdmittedEvent stored in buffered)
        {
            bool intact = GroupPayload.Read(payloads.Read(stored.Payload)).Id == stored.Group;
            Expect(intact, $"the payload of {stored.Group} is another group's");
            Lost += intact ? 0 : 1;
        }
    }

    private void CheckEnd(string directory, SmallRun run)
    {
        Expect(Committed == run.Updates, $"{Committed} updates are committed, not {run.Updates}");
        RunSummary? summary = RunSummaries.Read(new RunDirectory(directory));
        LedgerCloses = summary is { LedgerCloses: true };
        Expect(LedgerCloses, "the ledger does not close");
        Expect(summary?.State == "completed" && summary.Updates == run.Updates, $"the summary says {summary?.State} at {summary?.Updates}");
        Expect(summary?.GroupsAdmitted == Admitted, $"the summary says {summary?.GroupsAdmitted} groups admitted, the journal {Admitted}");
        string state = Path.Combine(directory, summary?.Model ?? "", "trainer_state.json");
        using var json = JsonDocument.Parse(File.Exists(state) ? File.ReadAllText(state) : "{}");
        Expect(
            json.RootElement.TryGetProperty("weights_sha256", out JsonElement hash) && hash.GetString() == _weights,
            "the model's weights are not those of the last committed update"
        );
    }

    private void Expect(bool holds, string finding)
    {
        if (!holds)
        {
            _findings.Add(finding);
        }
    }
}
