using System.Text.Json;
using System.Text.Json.Serialization;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Modeling.Checkpoints;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;
using ICPO.DataFiles.Files;
using ICPO.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>
/// A learner's state on disk: a Hugging Face directory, or a PEFT directory where an adapter is trained, with <c>optimizer.safetensors</c>
/// (both
/// moments of the trained parameters) and <c>trainer_state.json</c> next to the weights, and a <see cref="DirectoryManifest"/> of all
/// files.
/// </summary>
/// <param name="special">Special tokens.</param>
/// <param name="tokenizer">Writes tokenizer files; null writes none.</param>
/// <param name="baseModel">Path of the base model of an adapter; null omits it.</param>
internal sealed class LearnerCheckpoint(SpecialTokens special, Action<string>? tokenizer, string? baseModel)
{
    private const string OptimizerFile = "optimizer.safetensors";
    private const string StateFile = "trainer_state.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the directory, which has its name only when complete and synced.</summary>
    /// <param name="trainer">The trainer to save.</param>
    /// <param name="directory">Its name once complete.</param>
    /// <param name="filled">Called when the directory is complete but not yet renamed to its final name.</param>
    public WrittenFile Save(PolicyTrainer trainer, string directory, Action? filled = null)
    {
        return LoraAdapter.AttachedTo(trainer.Decoder) is { } adapter ? adapter.Save(directory, baseModel, folder =>
            {
                tokenizer?.Invoke(folder);
                SaveState(folder);
            }) : HuggingFaceDirectory.Save(directory, trainer.Decoder, special, tokenizer, SaveState);

        void SaveState(string folder)
        {
            using DisposeScope scope = NewDisposeScope();
            SafetensorsWriter.Write(Path.Combine(folder, OptimizerFile), Moments(trainer));
            TrainerState state = new(
                trainer.Version.Value,
                trainer.Optimizer.Steps,
                trainer.WeightsSha256(),
                LoraAdapter.AttachedTo(trainer.Decoder)?.BaseSha256()
            );
            DurableFile.Write(Path.Combine(folder, StateFile), file => JsonSerializer.Serialize(file, state, Indented));
            DirectoryManifest.Write(folder);
            filled?.Invoke();
        }
    }

    /// <summary>Takes the state of a directory; on any error the trainer keeps the state it has.</summary>
    /// <exception cref="InvalidDataException">A file is missing, cut off, of another shape or of another save, or the adapter's base model
    /// is another; names it.</exception>
    public static void Restore(PolicyTrainer trainer, string directory)
    {
        using DisposeScope scope = NewDisposeScope();
        DirectoryManifest.Check(directory);
        var adapter = LoraAdapter.AttachedTo(trainer.Decoder);
        (string expected, string other) = (HuggingFaceDirectory.Weights, LoraAdapter.Weights);
        (expected, other) = adapter is null ? (expected, other) : (other, expected);
        string? cause = File.Exists(Path.Combine(directory, other))
            ? $"the checkpoint holds {other}, of {(adapter is null ? "an adapter" : "all weights")} (icpo.model.lora.rank was changed)"
            : null;
        string weights = Existing(directory, expected, cause);
        TrainerState state = ReadState(Existing(directory, StateFile));
        if (state.BaseSha256 != adapter?.BaseSha256())
        {
            throw new InvalidDataException(
                $"{directory} is an adapter of base weights that hash to {state.BaseSha256}, but the base model hashes to "
                    + $"{adapter?.BaseSha256()}; restore the model that the run started with."
            );
        }

        using var moments = SafetensorsFile.Open(Existing(directory, OptimizerFile));
        using OptimizerSnapshot before = new(trainer.Parameters, trainer.Optimizer);
        try
        {
            if (adapter is null)
            {
                HuggingFaceDirectory.LoadWeights(trainer.Decoder, weights);
            }
            else
            {
                adapter.LoadWeights(directory);
            }

            foreach ((string name, Tensor moment) in Moments(trainer))
            {
                moments.CopyTo(name, moment);
            }

            if (trainer.WeightsSha256() is var sha && sha != state.WeightsSha256)
            {
                throw new InvalidDataException(
                    $"{weights} hashes to {sha}, but {StateFile} records {state.WeightsSha256}: the files are not of one save; "
                        + "restore from another checkpoint."
                );
            }
        }
        catch
        {
            before.Restore();
            throw;
        }

        (trainer.Version, trainer.Optimizer.Steps) = (new PolicyVersion(state.Version), state.OptimizerSteps);
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Moments(PolicyTrainer trainer) =>
        trainer.Parameters.Named.SelectMany(parameter =>
            (KeyValuePair<string, Tensor>[])
                [
                    new($"first_moment.{parameter.Name}", trainer.Parameters.View(trainer.Optimizer.FirstMoment, parameter.Name)),
                    new($"second_moment.{parameter.Name}", trainer.Parameters.View(trainer.Optimizer.SecondMoment, parameter.Name)),
                ]
        );

    private static string Existing(string directory, string name, string? cause = null) =>
        Path.Combine(directory, name) is var path && File.Exists(path)
            ? path
            : throw new InvalidDataException(
                $"{path} is missing; {cause ?? $"a checkpoint of this learner holds it beside {OptimizerFile} and {StateFile}"}."
            );

    private static TrainerState ReadState(string path)
    {
        try
        {
            TrainerState? state = JsonSerializer.Deserialize<TrainerState>(File.ReadAllBytes(path));
            return state is { Version: >= 0, OptimizerSteps: >= 0, WeightsSha256: not null }
                ? state
                : throw new InvalidDataException(
                    $"{path} lacks version, optimizer_steps or weights_sha256; restore from another checkpoint."
                );
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not the JSON of a trainer state ({e.Message}); restore from another checkpoint.", e);
        }
    }

    private sealed record TrainerState(
        [property: JsonPropertyName("version"), JsonRequired] long Version,
        [property: JsonPropertyName("optimizer_steps"), JsonRequired] long OptimizerSteps,
        [property: JsonPropertyName("weights_sha256"), JsonRequired] string WeightsSha256,
        [property: JsonPropertyName("base_sha256"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BaseSha256 = null
    );
}
