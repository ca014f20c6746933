using System.Collections.Immutable;
using ICPO.Actors.Algorithm.Accuracy;
using ICPO.Actors.Composition;
using ICPO.Actors.Configuration;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Tasks;
using ICPO.DataFiles;

namespace ICPO.Actors.Evaluation;

/// <summary>A well-known data set to measure a model on: its configuration and the file of its questions.</summary>
/// <param name="Name">One of <see cref="IcpoConfiguration.Datasets"/>.</param>
/// <param name="File">The questions.</param>
/// <param name="Settings">With the data set's fields, verifier and limits.</param>
/// <param name="Task">Puts its questions, all of which have been read.</param>
public sealed record Benchmark(string Name, string File, RunSettings Settings, ITask Task)
{
    /// <summary>Finds a data set's file and loads its configuration.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="data">File or directory by name; the empty name is a directory, or the file if there is only one benchmark.</param>
    /// <param name="load">Loads the configuration with further values over it.</param>
    /// <exception cref="ConfigurationException">The name is not known.</exception>
    /// <exception cref="InvalidDataException">There is no such file, or it cannot be read.</exception>
    public static Benchmark Find(string name, IReadOnlyDictionary<string, string> data, Func<ImmutableArray<string>, RunSettings> load)
    {
        if (!IcpoConfiguration.Datasets.Contains(name))
        {
            throw new ConfigurationException(
                $"The benchmark {name} is not known; allowed: {string.Join(", ", IcpoConfiguration.Datasets)}. "
                    + "For another file set task.jsonl.held-out-path."
            );
        }

        // The preset has the file names; all of its questions are held out.
        RunSettings preset = load([$"task.dataset={name}"]);
        bool isOwn = data.TryGetValue(name, out string? own);
        string place = isOwn || data.TryGetValue("", out own) ? own! : preset.Evaluation.DataDirectory;

        // A directory is that of all data sets, or of this one's files where it is named for it.
        string[] files = Directory.Exists(place)
            ? [.. preset.Task.BenchmarkFiles.Select(f => Path.Combine(place, f)), .. isOwn ? [place] : Array.Empty<string>()]
            : [place];
        string file = files.FirstOrDefault(DataFile.Exists)
            ?? throw new InvalidDataException(
                $"{name}: no file of its questions in {place}; looked for {string.Join(", ", preset.Task.BenchmarkFiles)}; "
                    + "specify its file or the directory of the file, or set evaluation.data-directory."
            );
        RunSettings settings = load([$"task.dataset={name}", $"task.jsonl.held-out-path={file}"]);
        return new(name, file, settings, ConfiguredTask.Create(settings));
    }

    /// <summary>Asks the questions and reports the result.</summary>
    /// <param name="session">The model.</param>
    /// <param name="questions">Maximum number of questions.</param>
    /// <param name="samples">Responses per question.</param>
    /// <param name="demonstrations">Solved examples before each question.</param>
    /// <param name="note">Called with a note about unreadable gold answers.</param>
    /// <exception cref="ArgumentException">Demonstrations are requested, but there is no pool.</exception>
    public async System.Threading.Tasks.Task<BenchmarkReport> MeasureAsync(
        ModelSession session,
        int questions,
        int samples,
        int demonstrations,
        Action<string> note,
        CancellationToken cancellationToken
    )
    {
        if (demonstrations > 0 && Task.Pool.IsEmpty)
        {
            throw new ArgumentException(
                $"{Name} has no demonstrations; set task.jsonl.demonstration-path, or evaluate without demonstrations."
            );
        }

        ImmutableArray<Question> asked = Task.HeldOut(Settings.Seed, questions);
        var conditions = BenchmarkConditions.Create(Settings, Task, asked[0], demonstrations);
        EvaluationPlan plan = ModelSession.Plan(Settings, asked) with { Samples = samples, Demonstrations = demonstrations };
        if (session.FirstPromptNote(Task, asked) is { } first)
        {
            note($"{Name}: {first}");
        }

        EvaluationReport report = await session
            .EvaluateAsync(Settings, Task, plan, text => note($"{Name}: {text}"), cancellationToken)
            .ConfigureAwait(false);
        return new(Name, File, samples, report) { Conditions = conditions };
    }
}
