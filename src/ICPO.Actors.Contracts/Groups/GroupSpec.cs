using System.Collections.Immutable;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Tasks;

namespace ICPO.Actors.Contracts.Groups;

/// <summary>The specification of a group: decided by the dispatcher, carried by every rollout of it.</summary>
public sealed record GroupSpec
{
    public required GroupId Id { get; init; }

    public required Question Question { get; init; }

    /// <summary>Token ids of the prompt holding q alone; every member is trained under it.</summary>
    public required ImmutableArray<int> Prompt { get; init; }

    /// <summary>
    /// Token ids of the prompt under which the policy itself is the teacher of its rollouts, [D;q]; empty without a teacher.
    /// </summary>
    public ImmutableArray<int> TeacherPrompt { get; init; } = [];

    /// <summary>N_on: rollouts to sample from q.</summary>
    public required int PolicyRollouts { get; init; }

    /// <summary>N_off: rollouts to sample from [D;q].</summary>
    public required int ExpertRollouts { get; init; }

    /// <summary>The learner's version when the group was dispatched.</summary>
    public required PolicyVersion DispatchedAt { get; init; }

    public int Size => PolicyRollouts + ExpertRollouts;
}
