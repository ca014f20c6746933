using System.Runtime.Serialization;
using ICPO.Actors.Configuration;
using ICPO.Actors.Serving.Errors;
using ICPO.Jinja;

namespace Fuzz.Readers;

/// <summary>The readers of untrusted input.</summary>
internal static class Catalog
{
    public static IReadOnlyList<Reader> All { get; } =
    [
        new("hocon", ConfigurationReaders.Hocon, typeof(ConfigurationException)) { Words = Words.Hocon },
        new("overrides", ConfigurationReaders.Overrides, typeof(ConfigurationException)) { Words = Words.Hocon },
        new("jsonl", DataReaders.Rows, typeof(InvalidDataException)) { Words = Words.Json },
        new("gzip", DataReaders.Records, typeof(InvalidDataException)),
        new("parquet", DataReaders.Records, typeof(InvalidDataException)),
        new("template", TextReaders.Template, typeof(TemplateException)) { Words = Words.Template },
        new("chat", TextReaders.Chat, typeof(TemplateException), typeof(InvalidDataException)) { Words = Words.Json },
        new("tokenizer", TextReaders.Tokenizer, typeof(InvalidDataException)) { Words = Words.Tokenizer },
        new("pattern", TextReaders.Pattern, typeof(InvalidDataException)) { Words = Words.Pattern },
        new("math", TextReaders.Math) { Words = Words.Math },
        new("gguf", ModelReaders.Gguf, typeof(InvalidDataException)),
        new("safetensors", ModelReaders.Safetensors, typeof(InvalidDataException)),
        new("config", ModelReaders.Config, typeof(InvalidDataException)) { Words = Words.Json },
        new("peft", ModelReaders.Peft, typeof(InvalidDataException)) { Words = Words.Json },
        new("frames", RunReaders.Frames, typeof(InvalidDataException)),
        new("messages", RunReaders.Message, typeof(SerializationException)),
        new("cluster", ClusterReaders.Message, typeof(SerializationException)),
        new("requests", ServingReaders.Request, typeof(ApiException)) { Words = Words.Requests },
        new("payload", RunReaders.Payload, typeof(InvalidDataException), typeof(SerializationException)),
        new("journal", RunReaders.Journal, typeof(InvalidDataException), typeof(IOException)),
        new("events", RunReaders.Events, typeof(InvalidDataException), typeof(IOException)),
        new("runfiles", RunReaders.History, typeof(InvalidDataException)) { Words = Words.Json },
        new("runs", RunReaders.Runs) { Words = [.. Words.Json, .. Words.Hocon] },
    ];

    public static Reader? Find(string name) => All.FirstOrDefault(reader => reader.Name == name);
}
