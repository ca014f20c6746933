using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Batches;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.RunFiles.Journal;

namespace ICPO.Actors.RunFiles.Inspection;

/// <summary>The fate of a group.</summary>
public enum GroupFate
{
    /// <summary>It waits for its update.</summary>
    Buffered,

    /// <summary>An update is prepared with it and not committed.</summary>
    Prepared,

    /// <summary>It trained.</summary>
    Consumed,

    /// <summary>Nothing of it trained.</summary>
    Rejected,

    /// <summary>It is not decided: some of its rollouts are stored.</summary>
    Open,
}

/// <summary>A rollout of a group.</summary>
/// <param name="Member">With its verdict and text.</param>
/// <param name="Reward">With the expert bonus at the update; null if the group is open and the verifier failed.</param>
/// <param name="Advantage">At the update; null if the group is open.</param>
/// <param name="Staleness">Age of the oldest weights in it at the update, in updates.</param>
public sealed record InspectedRollout(JudgedRollout Member, double? Reward, double? Advantage, long Staleness);

/// <summary>A group of the journal.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Fate">Its fate.</param>
/// <param name="Update">The update that trained on it, or that it is prepared for.</param>
/// <param name="Spec">As it was dispatched; null if its payload was never written (it is open or was rejected) or was deleted
/// since.</param>
/// <param name="Rollouts">Members that train, with the advantages at <paramref name="Update"/>; for a waiting group, as if it trained
/// next.</param>
/// <param name="Dropped">Rollouts that do not.</param>
public sealed record InspectedGroup(
    GroupId Id,
    GroupFate Fate,
    PolicyVersion? Update,
    GroupSpec? Spec,
    ImmutableArray<InspectedRollout> Rollouts,
    ImmutableArray<DroppedRollout> Dropped
)
{
    /// <summary>Why nothing of it trains.</summary>
    public GroupRejection? Rejection { get; init; }

    /// <summary>Texts of dropped rollouts, if they were kept.</summary>
    public ImmutableArray<RejectedRollout> Rejected { get; init; } = [];

    /// <summary>The text of a dropped rollout; null if it was not kept.</summary>
    public RejectedRollout? TextOf(DroppedRollout dropped) => Rejected.FirstOrDefault(rollout => rollout.Id == dropped.Id);
}

/// <summary>Which groups and rollouts to show; null shows all.</summary>
/// <param name="Update">Groups of this update.</param>
/// <param name="Group">This group.</param>
/// <param name="Origin">Rollouts of this origin.</param>
/// <param name="Verdict">Rollouts with this verdict.</param>
public sealed record InspectionFilter(PolicyVersion? Update = null, GroupId? Group = null, Origin? Origin = null, Verdict? Verdict = null)
{
    internal bool Takes(JudgedRollout member) =>
        (Origin is null || member.Rollout.Origin == Origin) && (Verdict is null || member.Judgment.Verdict == Verdict);

    /// <summary>A verdict selects members only: the journal has none of a rollout that was dropped.</summary>
    internal bool Takes(DroppedRollout dropped) => (Origin is null || dropped.Id.Origin == Origin) && Verdict is null;
}

/// <summary>Lists the groups of a journal with their rollouts; rewards and advantages are recomputed as the learner did.</summary>
public sealed class GroupInspector(RunJournal journal)
{
    private readonly RejectedRollouts _rejected = RejectedRollouts.Open(journal.Directory);
    private readonly BatchAssembler _assembler = new(journal.Settings.Group, journal.Settings.Expert, journal.Settings.ScheduleUpdates);

    /// <summary>
    /// Groups that pass the filter, by number, open ones last; a group without a rollout that passes is left out. Payloads are read while
    /// the result is enumerated.
    /// </summary>
    public IEnumerable<InspectedGroup> Groups(InspectionFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Entries()
            .Where(entry => filter.Update is not { } wanted || entry.Update == wanted)
            .Where(entry => filter.Group is not { } one || entry.Id == one)
            .Select(entry => Shown(Read(entry), filter))
            .OfType<InspectedGroup>();
    }

    /// <summary>The groups of the journal without their rollouts, by number, open ones last. No payload is read.</summary>
    internal IEnumerable<GroupEntry> Entries() =>
        Decided().OrderBy(entry => entry.Id.Value).Concat(journal.State.Rollouts.Keys.Select(id => new GroupEntry(id, GroupFate.Open)));

    /// <summary>A group with its rollouts.</summary>
    /// <exception cref="InvalidDataException">Its payload is damaged; names file and offset.</exception>
    internal InspectedGroup Read(GroupEntry entry)
    {
        if (entry.Fate == GroupFate.Open)
        {
            return Open(entry.Id) with { Rejected = _rejected.Find(entry.Id) };
        }

        InspectedGroup group =
            entry.Stored is null || !journal.Holds(entry.Stored)
                ? new InspectedGroup(entry.Id, entry.Fate, entry.Update, null, [], entry.Dropped) { Rejection = entry.Rejection?.Reason }
                : Read(entry.Stored, entry.Fate, entry.Update, entry.Rejection?.Reason);
        return group with { Rejected = _rejected.Find(entry.Id) };
    }

    private static InspectedGroup? Shown(InspectedGroup group, InspectionFilter filter)
    {
        InspectedGroup shown = group with
        {
            Rollouts = [.. group.Rollouts.Where(rollout => filter.Takes(rollout.Member))],
            Dropped = [.. group.Dropped.Where(filter.Takes)],
        };
        return shown.Rollouts.Length + shown.Dropped.Length > 0 || filter is { Origin: null, Verdict: null } ? shown : null;
    }

    /// <summary>A group of which some rollouts are stored.</summary>
    private InspectedGroup Open(GroupId id) =>
        new(
            id,
            GroupFate.Open,
            null,
            null,
            [
                .. journal
                    .State.Rollouts[id]
                    .Select(journal.Read)
                    .OrderBy(member => member.Rollout.Origin)
                    .ThenBy(member => member.Rollout.Id.Sibling)
                    .Select(member => new InspectedRollout(
                        member,
                        member.Judgment.Reward,
                        null,
                        journal.State.Committed.Value - member.Rollout.OldestVersion.Value
                    )),
            ],
            []
        );

    private InspectedGroup Read(GroupAdmittedEvent stored, GroupFate fate, PolicyVersion? update, GroupRejection? rejection)
    {
        TrainingGroup group = journal.Read(stored);
        PolicyVersion from = update is { } version ? new PolicyVersion(version.Value - 1) : journal.State.Committed;
        ScoredGroup scored = _assembler.Assemble(from, [group]).Groups[0];
        return new InspectedGroup(
            group.Id,
            fate,
            update,
            group.Spec,
            [
                .. group.Members.Select(
                    (member, index) =>
                        new InspectedRollout(
                            member,
                            scored.Rewards[index],
                            scored.Advantages[index],
                            from.Value - member.Rollout.OldestVersion.Value
                        )
                ),
            ],
            group.Dropped
        )
        {
            Rejection = rejection,
        };
    }

    private IEnumerable<GroupEntry> Decided()
    {
        ImmutableArray<GroupAdmittedEvent> prepared = journal.State.PreparedGroups;
        var stored = (journal.Start?.Pending ?? [])
            .Concat(journal.Events.OfType<GroupAdmittedEvent>())
            .GroupBy(group => group.Group)
            .ToDictionary(group => group.Key, group => group.First());
        return
        [
            .. journal.Updates.SelectMany(update =>
                update.Groups.Select(group => new GroupEntry(group.Group, GroupFate.Consumed, update.Version, group))
            ),
            .. prepared.Select(group => new GroupEntry(group.Group, GroupFate.Prepared, journal.State.Committed.Next(), group)),
            .. journal.State.Free.Select(group => new GroupEntry(group.Group, GroupFate.Buffered, null, group)),
            .. journal
                .Events.OfType<GroupRejectedEvent>()
                .Select(down => new GroupEntry(down.Group, GroupFate.Rejected, null, stored.GetValueOrDefault(down.Group), down)),
        ];
    }
}
