using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Engines;

namespace ICPO.Actors.Hosting;

/// <summary>What the settings of a run require of its task and its parts.</summary>
internal static class RunRequirements
{
    /// <exception cref="ArgumentException">A setting does not fit the task; names the key and the fix.</exception>
    public static void Check(RunSettings settings, ITask task)
    {
        EngineRegistry.Find(settings.EngineKind);
        if ((settings.Group.ExpertRollouts > 0 || settings.Expert.HasTeacher) && (task.Pool.IsEmpty || task.EmptyPoolReason is not null))
        {
            throw new ArgumentException(
                $"Preset {settings.Preset} requires {(settings.Expert.HasTeacher ? "a teacher" : "expert rollouts")}, but task {task.Name} "
                    + "has no demonstrations"
                    + (
                        task.EmptyPoolReason is { } reason
                            ? $": {reason}; change that key, or use preset grpo."
                            : "; set task.jsonl.demonstration-path, or use preset grpo."
                    )
            );
        }

        if (settings.Group.OverlongShare > 0 && settings.Sampler.MaxTokens == 0 && settings.Group.ResponseLimit != task.MaxTokens)
        {
            throw new ArgumentException(
                $"icpo.group.overlong-share lowers rewards near the maximum response length, which configuration does not know for task "
                    + $"{task.Name}; set icpo.sampler.max-tokens = {task.MaxTokens}."
            );
        }

        if (!settings.Sampler.IsUntruncated || settings.Sampler.Temperature <= 0)
        {
            throw new ArgumentException(
                "Training samples from the whole distribution: set sampler.temperature above 0, sampler.top-p to 1, and sampler.top-k and "
                    + "sampler.min-p to 0; a truncated sampler biases the importance ratio."
            );
        }
    }
}
