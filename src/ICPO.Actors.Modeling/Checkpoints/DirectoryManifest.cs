using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ICPO.DataFiles.Files;

namespace ICPO.Actors.Modeling.Checkpoints;

/// <summary>
/// <c>manifest.json</c> of a checkpoint: length and SHA-256 of every other file, so that a truncated or changed file is
/// found before the checkpoint is used. Files that it does not list are ignored.
/// </summary>
internal static class DirectoryManifest
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Describes all files of a directory.</summary>
    public static void Write(string directory)
    {
        var files = Directory
            .EnumerateFiles(directory)
            .ToImmutableSortedDictionary(
                path => Path.GetFileName(path),
                path => new Entry(new FileInfo(path).Length, Hash(path)),
                StringComparer.Ordinal
            );
        DurableFile.Write(Path.Combine(directory, FileName), file => JsonSerializer.Serialize(file, files, Indented));
    }

    /// <summary>Compares the files with what was written.</summary>
    /// <exception cref="InvalidDataException">The manifest or a file is missing, cut off or changed; names it.</exception>
    public static void Check(string directory)
    {
        foreach ((string name, Entry entry) in Read(Path.Combine(directory, FileName)))
        {
            string path = Path.Combine(directory, name);
            if (!File.Exists(path))
            {
                throw new InvalidDataException($"{path} is missing, although {FileName} lists it; restore from another checkpoint.");
            }

            if (new FileInfo(path).Length is var length && length != entry.Length)
            {
                throw new InvalidDataException(
                    $"{path} has {length} bytes but {FileName} records {entry.Length}; restore from another checkpoint."
                );
            }

            if (Hash(path) is var hash && hash != entry.Sha256)
            {
                throw new InvalidDataException(
                    $"{path} hashes to {hash} but {FileName} records {entry.Sha256}; restore from another checkpoint."
                );
            }
        }
    }

    private static Dictionary<string, Entry> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing; a learner's checkpoint holds one.");
        }

        try
        {
            return
                JsonSerializer.Deserialize<Dictionary<string, Entry>>(File.ReadAllBytes(path)) is { Count: > 0 } files
                && files.Values.All(entry => entry is { Sha256: not null })
                ? files
                : throw new InvalidDataException($"{path} names no files; restore from another checkpoint.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not the JSON of a manifest ({e.Message}); restore from another checkpoint.", e);
        }
    }

    private static string Hash(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private sealed record Entry(
        [property: JsonPropertyName("length"), JsonRequired] long Length,
        [property: JsonPropertyName("sha256"), JsonRequired] string Sha256
    );
}
