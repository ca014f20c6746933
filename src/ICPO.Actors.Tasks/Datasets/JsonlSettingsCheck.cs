namespace ICPO.Actors.Tasks.Datasets;

/// <summary>Checks that settings are in range.</summary>
internal static class JsonlSettingsCheck
{
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public static void Check(JsonlSettings settings)
    {
        if (settings.HeldOutPath is null && settings.HeldOutShare is not (> 0 and < 1))
        {
            throw new ArgumentException(
                $"The held-out share is {settings.HeldOutShare}; it must be between 0 and 1, exclusive.",
                nameof(settings)
            );
        }

        if (settings.MaxTokens < 1 || settings.DemonstrationMinimumLength < 0)
        {
            throw new ArgumentException(
                $"The limit of {settings.MaxTokens} tokens must be at least 1 and the minimum length of a demonstration, "
                    + $"{settings.DemonstrationMinimumLength}, at least 0.",
                nameof(settings)
            );
        }

        if (
            settings.MinimumPassRate is not (>= 0 and <= 1)
            || settings.MaximumPassRate is not (>= 0 and <= 1)
            || settings.MinimumPassRate > settings.MaximumPassRate
        )
        {
            throw new ArgumentException(
                $"The pass rates from {settings.MinimumPassRate} to {settings.MaximumPassRate} are not a range within 0 to 1.",
                nameof(settings)
            );
        }

        if (settings.StopStrings.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A stop string is empty; give it at least one character or remove it.", nameof(settings));
        }
    }
}
