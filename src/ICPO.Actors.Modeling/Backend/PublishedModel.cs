using System.Text;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.Actors.Modeling.Lora;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>Writes what a learner published as a directory that other software reads.</summary>
internal static class PublishedModel
{
    /// <summary>
    /// Writes a Hugging Face directory, or a PEFT directory for an adapter. It has its name only when it is complete, and replaces one that
    /// was there.
    /// </summary>
    /// <param name="source">The base model.</param>
    /// <param name="snapshot">The published weights.</param>
    /// <param name="directory">The directory to write.</param>
    /// <exception cref="InvalidDataException">The file is malformed; names it.</exception>
    public static void Save(ModelSource source, PolicySnapshot snapshot, string directory)
    {
        string? adapter = AdapterConfig(snapshot.Path);
        DurableFile.WriteDirectory(directory, folder =>
        {
            if (adapter is not null)
            {
                Write(folder, LoraAdapter.Config, adapter);
                Copy(snapshot.Path, Path.Combine(folder, LoraAdapter.Weights));
                return;
            }

            HuggingFaceDirectory.SaveConfiguration(folder, source.Config, source.Special);
            source.SaveTokenizer(folder);
            Copy(snapshot.Path, Path.Combine(folder, HuggingFaceDirectory.Weights));
        });
    }

    private static string? AdapterConfig(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return AdapterFile.IsPublished(file) ? file.Metadata[AdapterFile.ConfigKey] : null;
    }

    private static void Write(string folder, string name, string text) =>
        DurableFile.Write(Path.Combine(folder, name), file => file.Write(Encoding.UTF8.GetBytes(text)));

    private static void Copy(string from, string to) => DurableFile.Write(to, file =>
        {
            using FileStream source = File.OpenRead(from);
            source.CopyTo(file);
        });
}
