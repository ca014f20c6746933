using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Algorithm.ExpertMixing;

/// <summary>Annealed expert-bonus reward shaping (ICPO §3.4): R + α·factor(t) for expert rollouts inside the expert region.</summary>
public static class ExpertBonus
{
    /// <summary>
    /// The bonus at update t as a share of its size α, in [0, 1]: linear 1 − t/T, cosine (1 + cos πt/T)/2, exponential e^(−t/τ). Linear and
    /// cosine stay 0 from T on; the exponential one never ends.
    /// </summary>
    /// <param name="schedule">Which curve; None is 0 throughout.</param>
    /// <param name="update">t, the update that consumes the rollout (not the one it was sampled at), from 0.</param>
    /// <param name="totalUpdates">T.</param>
    /// <param name="timeConstant">τ in updates.</param>
    public static double Factor(BonusSchedule schedule, long update, long totalUpdates, double timeConstant)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(update);
        switch (schedule)
        {
            case BonusSchedule.None:
                return 0;
            case BonusSchedule.Exponential:
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(timeConstant);
                return Math.Exp(-update / timeConstant);
            case BonusSchedule.Linear or BonusSchedule.Cosine:
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalUpdates);
                double done = Math.Min(1, (double)update / totalUpdates);
                return schedule == BonusSchedule.Linear ? 1 - done : (1 + Math.Cos(Math.PI * done)) / 2;
            default:
                throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "Not a bonus schedule.");
        }
    }

    /// <summary>The reward of a member with its bonus, if it has one.</summary>
    /// <exception cref="ArgumentException">The verifier failed on it, so it has no reward.</exception>
    public static double Reward(JudgedRollout member, ExpertSettings settings, long update, long totalUpdates)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(settings);
        double reward = member.Judgment.Reward
            ?? throw new ArgumentException($"Rollout {member.Rollout.Id} has no reward: its verifier failed.", nameof(member));
        bool accepted = member.Rollout.Origin == Origin.Expert && ExpertRegion.Contains(member.Judgment, settings.RegionThreshold);
        return accepted ? reward + (settings.BonusSize * Factor(settings.Bonus, update, totalUpdates, settings.BonusTimeConstant)) : reward;
    }

    /// <summary>The rewards that a group's advantages are taken over, one per member in their order.</summary>
    public static double[] Rewards(TrainingGroup group, ExpertSettings settings, long update, long totalUpdates)
    {
        ArgumentNullException.ThrowIfNull(group);
        return [.. group.Members.Select(m => Reward(m, settings, update, totalUpdates))];
    }
}
