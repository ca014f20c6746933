using System.Text.RegularExpressions;
using ICPO.Actors.Modeling.Checkpoints.Safetensors;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Modeling.Checkpoints.HuggingFace;

/// <summary>The files that hold the weights of a Hugging Face directory.</summary>
internal static partial class WeightFiles
{
    public const string Index = HuggingFaceDirectory.Weights + ".index.json";
    private const int LongestName = 255;
    private const int MaxListed = 4;

    private static readonly string[] OtherForms = ["*.bin", "*.pt", "*.pth", "*.safetensors", "*.gguf", "*.h5", "*.msgpack", "*.onnx"];

    /// <summary>Whether the directory has weights, or an index of them.</summary>
    public static bool Exist(string directory) =>
        File.Exists(Path.Combine(directory, HuggingFaceDirectory.Weights)) || File.Exists(Path.Combine(directory, Index));

    /// <summary>Opens the files, to be disposed; nothing but their headers is read.</summary>
    /// <exception cref="InvalidDataException">A file is missing or malformed, or holds integers or float8; names it.</exception>
    public static List<SafetensorsFile> Open(string directory)
    {
        var files = new List<SafetensorsFile>();
        try
        {
            foreach (string name in Names(directory))
            {
                files.Add(SafetensorsFile.Open(Path.Combine(directory, name)));
                files[^1].RequireWeights();
            }

            return files;
        }
        catch
        {
            files.ForEach(f => f.Dispose());
            throw;
        }
    }

    /// <summary>The names of the files.</summary>
    /// <exception cref="InvalidDataException">There are none, or the index is malformed; names it.</exception>
    public static string[] Names(string directory)
    {
        string index = Path.Combine(directory, Index);
        if (File.Exists(Path.Combine(directory, HuggingFaceDirectory.Weights)))
        {
            return [HuggingFaceDirectory.Weights];
        }

        return File.Exists(index) ? Indexed(directory, index) : throw new InvalidDataException(Absent(directory));
    }

    private static string[] Indexed(string directory, string index)
    {
        using var json = JsonFile.Open(index);
        JsonKeys map = json.Keys.Object("weight_map") ?? throw json.Keys.Bad("weight_map", "is missing");
        string[] names = [.. map.Value.EnumerateObject().Select(p => map.Text(p.Name) ?? "").Distinct().Order(StringComparer.Ordinal)];
        if (names.Length == 0)
        {
            throw json.Keys.Bad("weight_map", "names no file");
        }

        if (names.FirstOrDefault(n => n.Length is 0 or > LongestName || n != Path.GetFileName(n) || n is "." or "..") is { } bad)
        {
            throw json.Keys.Bad("weight_map", $"names '{bad}', which is not a file in the same directory");
        }

        string[] missing = [.. names.Where(name => !Path.Exists(Path.Combine(directory, name)))];
        return missing.Length == 0
            ? names
            : throw json.Keys.Bad(
                "weight_map",
                $"names {missing.Length} of {names.Length} files that are not there: {Listed(missing)}; fetch them"
            );
    }

    /// <summary>Explains missing weights from what the directory contains instead.</summary>
    private static string Absent(string directory)
    {
        string[] found = Directory.Exists(directory)
            ?
            [
                .. OtherForms
                    .SelectMany(form => Directory.EnumerateFiles(directory, form))
                    .Select(path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
        string[] shards = [.. found.Where(name => Shard().IsMatch(name))];
        string what = $"{directory} has no {HuggingFaceDirectory.Weights}";
        if (shards.Length > 0)
        {
            int total = int.Parse(Shard().Match(shards[0]).Groups["total"].Value, System.Globalization.CultureInfo.InvariantCulture);
            return $"{what}, but {shards.Length} of its {total} shards ({Listed(shards)}) without {Index}, which lists the shard "
                + "of each tensor; fetch the index, or save the model again.";
        }

        return found.Length > 0
            ? $"{what} and no {Index}, but {Listed(found)}, which is not read as the weights of a directory; save the model as safetensors."
            : $"{what} and no {Index}; a model directory needs one of them.";
    }

    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(MaxListed)) + (names.Length > MaxListed ? $" and {names.Length - MaxListed} more" : "");

    [GeneratedRegex(@"^model-\d{1,9}-of-(?<total>\d{1,9})\.safetensors$", RegexOptions.CultureInvariant)]
    private static partial Regex Shard();
}
