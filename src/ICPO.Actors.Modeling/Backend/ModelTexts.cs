using ICPO.Actors.Modeling.Checkpoints.Gguf;
using ICPO.Actors.Modeling.Checkpoints.HuggingFace;
using ICPO.Jinja;
using ICPO.Tokenizers;
using ICPO.Tokenizers.ChatTemplates;

namespace ICPO.Actors.Modeling.Backend;

/// <summary>
/// Tokenizer and chat template of a model, from the files of a Hugging Face directory or the metadata of a GGUF
/// file. Weights and shape are not read.
/// </summary>
public static class ModelTexts
{
    /// <summary>The tokenizer; a tokenizer.json takes precedence over a GGUF file in the same directory.</summary>
    /// <param name="path">A Hugging Face directory, a tokenizer.json, a GGUF file, or a directory that holds one and no
    /// config.json.</param>
    /// <exception cref="InvalidDataException">The tokenizer is absent, malformed or not supported; names the file and the key.</exception>
    public static Tokenizer LoadTokenizer(string path)
    {
        if (GgufOf(path) is not { } gguf)
        {
            return TokenizerJson.Load(path);
        }

        using var file = GgufFile.Open(gguf);
        return TokenizerJson.Parse($"{gguf} (tokenizer)", GgufTokenizer.Write(GgufTokenizer.Create(file)));
    }

    /// <summary>The chat template; that of a directory goes before a GGUF file in it, where the directory has a tokenizer.json.</summary>
    /// <param name="path">A Hugging Face directory, a GGUF file, or a directory that holds one and no config.json.</param>
    /// <param name="name">Which of several templates; null takes the default one, and the one named tool_use for conversations with
    /// tools.</param>
    /// <exception cref="InvalidDataException">There is none, or a file is malformed; names it.</exception>
    /// <exception cref="TemplateException">The template does not parse; names the line.</exception>
    public static ChatTemplate LoadChatTemplate(string path, string? name = null)
    {
        if (GgufOf(path) is not { } gguf)
        {
            return ChatTemplateFiles.Load(path, name);
        }

        using var file = GgufFile.Open(gguf);
        return GgufTemplates.Load(file, name);
    }

    /// <summary>As <see cref="LoadChatTemplate"/>; null if the model has none.</summary>
    public static ChatTemplate? FindChatTemplate(string path)
    {
        if (GgufOf(path) is not { } gguf)
        {
            return ChatTemplateFiles.Find(path);
        }

        using var file = GgufFile.Open(gguf);
        return GgufTemplates.Find(file);
    }

    /// <summary>The only GGUF file of a directory without config.json; null if it has none.</summary>
    /// <exception cref="InvalidDataException">There are several.</exception>
    internal static string? GgufIn(string path)
    {
        if (!Directory.Exists(path) || File.Exists(Path.Combine(path, HuggingFaceDirectory.Config)))
        {
            return null;
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*.gguf").Order(StringComparer.Ordinal)];
        return files.Length < 2
            ? files.FirstOrDefault()
            : throw new InvalidDataException(
                $"{path} holds {files.Length} GGUF files, {string.Join(", ", files.Select(Path.GetFileName))}; name one of them."
            );
    }

    /// <summary>Null if the path names JSON files.</summary>
    private static string? GgufOf(string path) =>
        File.Exists(Path.Combine(path, TokenizerJson.FileName))
            ? null
            : GgufIn(path) ?? (File.Exists(path) && GgufFile.Begins(path) ? path : null);
}
