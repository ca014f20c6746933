using ICPO.Actors.Composition;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Modeling.Backend;
using ICPO.Actors.RunFiles.Inputs;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Commands;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Mixtures;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.DataFiles;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Inputs;

/// <summary>The files that a configuration names, with the fingerprints of their content.</summary>
internal static class InputFiles
{
    /// <param name="settings">Name the files.</param>
    /// <param name="parts">What replaces the configured task and model.</param>
    /// <param name="known">Fingerprints of an earlier start; a large file that has not been touched since is not read again.</param>
    /// <exception cref="InvalidDataException">A model's configuration is malformed, or a directory holds no data; names it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IEnumerable<RunInput> Read(RunSettings settings, InProcessParts parts, RunInputs? known)
    {
        Dictionary<string, FileFingerprint> earlier = [];
        foreach (RunInput input in known?.Inputs ?? [])
        {
            if (input is { Path: { } path, Length: { } length })
            {
                earlier[path] = new FileFingerprint(input.Sha256, length, input.Stamp);
            }
        }

        return Named(settings, parts)
            .Select(file =>
            {
                string path = Path.GetFullPath(file.Path);
                var print = FileFingerprint.Compute(path, earlier.GetValueOrDefault(path));
                return file.Input with { Path = path, Sha256 = print.Sha256, Length = print.Length, Stamp = print.Stamp };
            });
    }

    private static IEnumerable<(RunInput Input, string Path)> Named(RunSettings settings, InProcessParts parts) =>
        [
            .. parts.Task is null && settings.Task.Name == MixtureTask.TaskName ? Mixture(settings.Task.Mixture) : [],
            .. parts.Task is null && settings.Task.Name == JsonlTask.TaskName ? Data(settings.Task.Jsonl) : [],
            .. parts.Backend is null ? Model(settings) : [],
            .. parts.Verifier is null ? Verifier(settings.Verification) : [],
        ];

    private static IEnumerable<(RunInput Input, string Path)> Data(JsonlSettings task) =>
        [
            .. Set(InputKind.Data, "icpo.task.jsonl.path", task.Path),
            .. Set(InputKind.Data, "icpo.task.jsonl.held-out-path", task.HeldOutPath),
            .. Set(InputKind.Data, "icpo.task.jsonl.pass-rate-path", task.PassRatePath),
            .. Set(InputKind.Demonstrations, "icpo.task.jsonl.demonstration-path", task.DemonstrationPath),
        ];

    private static IEnumerable<(RunInput Input, string Path)> Mixture(MixtureSettings task) =>
        task.Parts.SelectMany(part => Set(InputKind.Data, "icpo.task.mixture.parts", part.Path));

    private static IEnumerable<(RunInput Input, string Path)> Set(InputKind kind, string key, string? path) =>
        DataFile.Exists(path ?? "")
            ? DataFile.Files(path!).Where(file => File.Exists(file.Path)).Select(file => (Create(kind, key, file.Name), file.Path))
            : [];

    private static IEnumerable<(RunInput Input, string Path)> Model(RunSettings settings)
    {
        string? adapter = settings.Model.Adapter.Length > 0 ? settings.Model.Adapter : null;
        return ModelInputs
            .Find(ConfiguredTask.ModelPath(settings), adapter)
            .Select(file => (Create(KindOf(file.Role), "icpo.model.path", file.Name), file.Path));
    }

    private static IEnumerable<(RunInput Input, string Path)> Verifier(VerificationSettings settings) =>
        VerifierRegistry.Uses(settings.Verifier, CommandVerifier.VerifierName, settings.Settings)
            ? CommandLine
                .Files(settings.Settings.Command)
                .Select(path => (Create(InputKind.Verifier, "icpo.verification.command.run", Path.GetFileName(path)), path))
            : [];

    private static InputKind KindOf(ModelFileRole role) =>
        role switch
        {
            ModelFileRole.Tokenizer => InputKind.Tokenizer,
            ModelFileRole.ChatTemplate => InputKind.ChatTemplate,
            _ => InputKind.Model,
        };

    private static RunInput Create(InputKind kind, string key, string name) =>
        new()
        {
            Kind = kind,
            Key = key,
            Name = name,
            Sha256 = "",
        };
}
