using System.Collections.Immutable;
using System.Text.Json;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Faults;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.Runs;
using ICPO.Actors.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace ICPO.Actors.Hosting;

/// <summary>
/// Makes runs ready to start from the configuration and from what the host app registered: an <see cref="ITask"/>, an
/// <see cref="IVerifier"/>, an <see cref="IDemonstrationPool"/>, an <see cref="IPolicyBackend"/> or a transient
/// <see cref="IGenerationEngine"/> of its own take the place of what configuration names.
/// </summary>
public sealed class RunPlans(IcpoConfiguration configuration, IServiceProvider services, TimeProvider time)
{
    /// <summary>A new run in a directory of its own.</summary>
    /// <exception cref="ArgumentException">A setting does not fit the task.</exception>
    /// <exception cref="IOException">The directory cannot be written or holds a run already.</exception>
    public RunPlan New()
    {
        IcpoConfiguration named =
            configuration.Settings.RunId.Length > 0
                ? configuration
                : configuration.With([new("run.id", $"{time.GetUtcNow():yyyyMMddHHmmss}-{Guid.NewGuid().ToString("N")[..8]}")]);
        RunSettings settings = named.Settings;
        var directory = new RunDirectory(Path.GetFullPath(settings.Directory.Length > 0 ? settings.Directory : Unused(settings)));
        if (File.Exists(directory.EffectiveConfiguration))
        {
            throw Taken(directory);
        }

        RunPlan plan = Create(settings, directory, TimeSpan.Zero, null, isNew: true);
        directory.Create();
        plan.Lock = RunLock.Take(directory, time);
        if (File.Exists(directory.EffectiveConfiguration))
        {
            plan.Lock.Dispose();
            throw Taken(directory);
        }

        // Temp + rename: a run is there whole, to be resumed, or not yet.
        string temporary = $"{directory.EffectiveConfiguration}.tmp";
        File.WriteAllText(temporary, named.Render());
        File.Move(temporary, directory.EffectiveConfiguration, overwrite: true);
        return plan;
    }

    /// <summary>
    /// The run that lies in a directory, to go on from its last committed update, under the configuration that lies there. The password of
    /// its
    /// journal's server does not: it is taken from this configuration's <c>journal.connection-string</c>, PGPASSWORD or ~/.pgpass.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    /// <exception cref="IOException">Another process is at it; names its host and id.</exception>
    public RunPlan Resume(string path)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        (RunSettings stored, ImmutableArray<string> notes) = StoredConfiguration.Read(directory);
        string connection = ConnectionSecret.Restore(stored.Journal.ConnectionString, configuration.Settings.Journal.ConnectionString);
        stored = stored with { Journal = stored.Journal with { ConnectionString = connection } };
        (TimeSpan elapsed, double? before) = History(directory);
        RunPlan plan = Create(stored, directory, elapsed, before, notes: notes);
        plan.Lock = RunLock.Take(directory, time);
        return plan;
    }

    /// <summary>The run that lies in a directory, to look at: nothing is locked, nothing can be started.</summary>
    /// <exception cref="FileNotFoundException">There is no run in the directory.</exception>
    public RunPlan Look(string path)
    {
        var directory = new RunDirectory(Path.GetFullPath(path));
        return Create(StoredConfiguration.Read(directory).Settings, directory, TimeSpan.Zero, null, checksGold: false);
    }

    private static IOException Taken(RunDirectory directory) =>
        new($"{directory.Path} holds a run already; go on with it with --resume, or choose another --output.");

    private RunPlan Create(
        RunSettings settings,
        RunDirectory directory,
        TimeSpan elapsed,
        double? before,
        bool isNew = false,
        bool checksGold = true,
        ImmutableArray<string> notes = default
    )
    {
        ITask task = services.GetService<ITask>() ?? ConfiguredTask.Create(settings);
        ConfiguredTask.RequireTraining(task);
        List<string> said = [.. notes.IsDefault ? [] : notes, .. ConfiguredTask.Notes(task)];
        if (services.GetService<IDemonstrationPool>() is { } pool)
        {
            task = new PooledTask(task, pool);
        }

        if (settings.Group.ExpertRollouts > 0 && task.Pool.IsEmpty)
        {
            throw new ArgumentException(
                $"Preset {settings.Preset} asks for expert rollouts, but task {task.Name} has no demonstrations; name a pool (task.jsonl.demonstration-path) or take preset grpo."
            );
        }

        if (!settings.Sampler.IsUntruncated || settings.Sampler.Temperature <= 0)
        {
            throw new ArgumentException(
                "Training samples from the whole distribution: set sampler.temperature above 0, sampler.top-p to 1, and sampler.top-k and sampler.min-p to 0; a sampler that cuts off biases the importance ratio."
            );
        }

        // The host app's own verifier runs in its process, under the deadline.
        IVerifier verifier = services.GetService<IVerifier>() ?? RunVerifiers.Create(settings.Verification, task.StopStrings, said.Add);
        if (checksGold && GoldAudit.Check(task is PooledTask { Task: var inner } ? inner : task, verifier) is { } unreadable)
        {
            said.Add(unreadable);
        }

        return new RunPlan
        {
            Settings = settings,
            IsNew = isNew,
            Directory = directory,
            Task = task,
            Verifier = verifier,
            Backend = Backend(settings),
            Time = time,
            Faults = Faults,
            Notes = [.. said],
            ElapsedBefore = elapsed,
            AccuracyBefore = before,
        };
    }

    private FaultPoints Faults => services.GetService<FaultPoints>() ?? FaultPoints.None;

    private HostedBackend Backend(RunSettings settings) =>
        new(services.GetService<IPolicyBackend>() ?? settings.OpenModel(() => Faults.Reach(FaultPoints.CheckpointFilled)), services);

    private string Unused(RunSettings settings)
    {
        string stem = Path.Combine("runs", $"{time.GetLocalNow():yyyyMMdd-HHmmss}-{settings.Preset}-seed{settings.Seed}");
        return Enumerable
            .Range(1, int.MaxValue)
            .Select(number => number == 1 ? stem : $"{stem}-{number}")
            .First(path => !Directory.Exists(path));
    }

    /// <summary>What earlier starts left in the metrics: wall time, and the accuracy before training.</summary>
    private static (TimeSpan Elapsed, double? Before) History(RunDirectory directory)
    {
        (double seconds, double? before) = (0, null);
        if (File.Exists(directory.Metrics))
        {
            foreach (string line in File.ReadLines(directory.Metrics))
            {
                if (TryParse(line) is not { } document)
                {
                    continue;
                }

                using (document)
                {
                    seconds = Math.Max(seconds, document.RootElement.GetProperty("seconds").GetDouble());
                    if (
                        document.RootElement.TryGetProperty("accuracy", out JsonElement accuracy)
                        && document.RootElement.GetProperty("update").GetInt64() == 0
                    )
                    {
                        before = accuracy.GetDouble();
                    }
                }
            }
        }

        return (TimeSpan.FromSeconds(seconds), before);
    }

    /// <summary>Null for a line that was cut off when a start died.</summary>
    private static JsonDocument? TryParse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Takes engines from the host app's container where it has some.</summary>
internal sealed class HostedBackend(IPolicyBackend backend, IServiceProvider services) : IPolicyBackend
{
    public ITokenizer Tokenizer => backend.Tokenizer;

    public IGenerationEngine CreateEngine(int index, bool isolateRequests) =>
        services.GetService<IGenerationEngine>() ?? backend.CreateEngine(index, isolateRequests);

    public ILearner CreateLearner() => backend.CreateLearner();
}
