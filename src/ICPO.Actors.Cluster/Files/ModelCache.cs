using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ICPO.DataFiles.Files;
using ModelFile = ICPO.Actors.Contracts.Nodes.ModelFile;

namespace ICPO.Actors.Cluster.Files;

/// <summary>
/// The models of a node. A model whose files are already on this machine with the same content is used in place; others are fetched and
/// kept under the hash of their content.
/// </summary>
/// <param name="directory">The directory of fetched models.</param>
/// <param name="files">Base address of the core's files.</param>
/// <param name="download">Used to fetch models.</param>
internal sealed class ModelCache(string directory, Uri files, FileDownload download)
{
    /// <summary>The path of a model with these files.</summary>
    /// <param name="model">Its files.</param>
    /// <param name="kind">The folder of the core's files: <c>model</c> or <c>adapter</c>.</param>
    /// <param name="candidates">Possible locations on this machine: a directory, or a single file.</param>
    /// <param name="cancellationToken">Ends fetching.</param>
    /// <exception cref="IOException">The core does not respond, or a file cannot be written.</exception>
    public async Task<string> GetAsync(
        ImmutableArray<ModelFile> model,
        string kind,
        IEnumerable<string> candidates,
        CancellationToken cancellationToken
    )
    {
        if (candidates.FirstOrDefault(path => path.Length > 0 && Holds(path, model)) is { } present)
        {
            return present;
        }

        string folder = Path.Combine(directory, "models", Key(model));
        foreach (ModelFile file in model)
        {
            string path = Path.GetFullPath(Path.Combine(folder, file.Name));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new IOException($"The core announced a model file outside of its directory: {file.Name}");
            }

            if (!IsSame(path, file))
            {
                await download
                    .CopyAsync(new Uri(files, $"{kind}/{Uri.EscapeDataString(file.Name)}"), path, cancellationToken)
                    .ConfigureAwait(false);
                if (!IsSame(path, file))
                {
                    File.Delete(path);
                    throw new IOException($"{file.Name} as fetched from {files} differs from the file with which the run started.");
                }
            }
        }

        return IsSingleFile(model) ? Path.Combine(folder, model[0].Name) : folder;
    }

    /// <summary>A single GGUF file is a complete model.</summary>
    private static bool IsSingleFile(ImmutableArray<ModelFile> model) =>
        model is [var only] && only.Name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    private static bool Holds(string path, ImmutableArray<ModelFile> model) =>
        IsSingleFile(model) ? IsSame(path, model[0]) : model.All(file => IsSame(Path.Combine(path, file.Name), file));

    private static bool IsSame(string path, ModelFile file) =>
        new FileInfo(path) is { Exists: true, Length: var length }
        && length == file.Length
        && FileFingerprint.Compute(path, null).Sha256 == file.Sha256;

    private static string Key(ImmutableArray<ModelFile> model) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', model.Select(file => $"{file.Name} {file.Length} {file.Sha256}"))))
        )[..32];
}
