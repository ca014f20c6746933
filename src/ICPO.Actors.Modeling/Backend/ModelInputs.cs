using System.Collections.Immutable;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>What a file of a model decides.</summary>
public enum ModelFileRole
{
    /// <summary>Shape and weights; of a GGUF file tokenizer and template too.</summary>
    Weights,

    Tokenizer,

    ChatTemplate,
}

/// <summary>A file that a model is read from.</summary>
/// <param name="Role">The part of the run that it determines.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Name">Its name in the model's directory.</param>
public sealed record ModelInput(ModelFileRole Role, string Path, string Name);

/// <summary>Lists the files that a model is read from.</summary>
public static class ModelInputs
{
    /// <param name="model">A path for <see cref="ModelSource.Open"/>; one that does not exist has no files.</param>
    /// <param name="adapter">A PEFT directory; null is none.</param>
    /// <exception cref="InvalidDataException">The model's configuration is malformed; names the file.</exception>
    public static ImmutableArray<ModelInput> Find(string model, string? adapter)
    {
        if (!Path.Exists(model))
        {
            return [];
        }

        var source = ModelSource.Open(model, adapter);
        IEnumerable<ModelInput> files = File.Exists(source.Path)
            ? [new ModelInput(ModelFileRole.Weights, source.Path, Path.GetFileName(source.Path))]
            : InDirectory(source.Path);
        return [.. files, .. source.Adapter is { } peft ? Weights(peft, [LoraAdapter.Config, LoraAdapter.Weights]) : []];
    }

    private static IEnumerable<ModelInput> InDirectory(string directory) =>
        [
            .. Weights(directory, HuggingFaceDirectory.ConfigFiles.Concat(WeightFiles.Names(directory))),
            .. Present(directory, HuggingFaceDirectory.TextFiles(directory), RoleOf),
        ];

    private static IEnumerable<ModelInput> Weights(string directory, IEnumerable<string> names) =>
        Present(directory, names, _ => ModelFileRole.Weights);

    private static ModelFileRole RoleOf(string name) =>
        name.Contains("template", StringComparison.Ordinal) ? ModelFileRole.ChatTemplate : ModelFileRole.Tokenizer;

    private static IEnumerable<ModelInput> Present(string directory, IEnumerable<string> names, Func<string, ModelFileRole> role) =>
        names
            .Select(name => new ModelInput(role(name), Path.Combine(directory, name), name.Replace('\\', '/')))
            .Where(file => File.Exists(file.Path));
}
