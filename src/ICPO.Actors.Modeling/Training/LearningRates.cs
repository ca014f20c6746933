namespace ICPO.Actors.Modeling.Training;

/// <summary>The learning rate as a function of the update, so that a resumed run needs no scheduler state.</summary>
public static class LearningRates
{
    /// <summary>
    /// Rate of update <paramref name="index"/> (from 0): rises linearly over the warm-up to the full rate, then holds or falls to
    /// its minimum share at T.
    /// </summary>
    public static double At(OptimizerSettings settings, long index)
    {
        if (index < settings.WarmupUpdates)
        {
            return settings.LearningRate * (index + 1) / settings.WarmupUpdates;
        }

        double span = Math.Max(1, settings.TotalUpdates - settings.WarmupUpdates);
        double progress = Math.Min(1, (index - settings.WarmupUpdates) / span);
        double left = settings.Schedule switch
        {
            LearningRateSchedule.Linear => 1 - progress,
            LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * progress)) / 2,
            _ => 1,
        };
        return settings.LearningRate * (settings.MinimumShare + (1 - settings.MinimumShare) * left);
    }
}
