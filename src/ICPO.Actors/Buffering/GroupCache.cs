using System.Collections.Immutable;
using System.Runtime.Serialization;
using ICPO.Actors.Algorithm.Buffering;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Wire.Segments;

namespace ICPO.Actors.Buffering;

/// <summary>The content of groups: in memory from their admission to their update, otherwise read from their payloads.</summary>
internal sealed class GroupCache(IPayloadReader payloads)
{
    private readonly Dictionary<GroupId, TrainingGroup> _groups = [];

    public void Add(TrainingGroup group) => _groups[group.Id] = group;

    public void Remove(GroupId group) => _groups.Remove(group);

    /// <summary>The group of a stored event.</summary>
    /// <exception cref="InvalidDataException">Its payload is missing or damaged; names file and offset.</exception>
    public TrainingGroup Load(GroupAdmittedEvent stored) =>
        _groups.TryGetValue(stored.Group, out TrainingGroup? group) ? group : Read(stored);

    /// <summary>Reads a group from its payload. Thread-safe.</summary>
    /// <exception cref="InvalidDataException">Its payload is missing or damaged; names file and offset.</exception>
    public TrainingGroup Read(GroupAdmittedEvent stored) => GroupPayload.Read(payloads.Read(stored.Payload));

    /// <summary>
    /// Reads the stored rollouts of an undecided group. Unlike a group, a rollout that cannot be read can be sampled again.
    /// </summary>
    public PartialGroup Read(ImmutableArray<RolloutStoredEvent> stored, Action<RolloutId, Exception> unreadable)
    {
        ImmutableArray<JudgedRollout>.Builder rollouts = ImmutableArray.CreateBuilder<JudgedRollout>();
        foreach (RolloutStoredEvent rollout in stored)
        {
            try
            {
                rollouts.Add(GroupPayload.ReadRollout(payloads.Read(rollout.Payload)));
            }
            catch (Exception error) when (error is InvalidDataException or SerializationException)
            {
                unreadable(rollout.Rollout, error);
            }
        }

        return new PartialGroup(stored[0].Rollout.Group, stored[0].DispatchedAt, rollouts.ToImmutable());
    }
}
