using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.DataFiles.Json;

namespace ICPO.Actors.Modeling.Lora;

/// <summary>PEFT's adapter_config.json of a LoRA. Unknown settings that would change the computation are rejected.</summary>
internal static class PeftConfig
{
    /// <summary>Keys that change nothing for an adapter that is there.</summary>
    private static readonly HashSet<string> Harmless =
    [
        "auto_mapping",
        "base_model_name_or_path",
        "ensure_weight_tying",
        "inference_mode",
        "layers_pattern",
        "lora_dropout",
        "megatron_core",
        "peft_version",
        "qalora_group_size",
        "revision",
    ];

    private static readonly HashSet<string> Understood =
    [
        "alpha_pattern",
        "bias",
        "init_lora_weights",
        "lora_alpha",
        "peft_type",
        "r",
        "rank_pattern",
        "target_modules",
        "task_type",
        "use_rslora",
    ];

    /// <exception cref="InvalidDataException">Names the file, the key and what is wrong.</exception>
    public static LoraSettings Read(string path)
    {
        using var json = JsonFile.Open(path);
        return Read(json.Keys);
    }

    /// <summary>As <see cref="Read(string)"/>, of text that errors call <paramref name="source"/>.</summary>
    public static LoraSettings Parse(string source, byte[] text)
    {
        using var json = JsonFile.Parse(source, text);
        return Read(json.Keys);
    }

    /// <summary>Where the base model is; null if the config does not say.</summary>
    public static string? ReadBase(string path)
    {
        using var json = JsonFile.Open(path);
        return json.Keys.Text("base_model_name_or_path") is { Length: > 0 } model ? model : null;
    }

    private static LoraSettings Read(JsonKeys keys)
    {
        keys.Expect("peft_type", "LORA");
        keys.Expect("task_type", "CAUSAL_LM");
        keys.Expect("bias", "none");
        if (keys.Find("init_lora_weights") is { ValueKind: JsonValueKind.String } init && init.GetString() != "gaussian")
        {
            throw keys.Bad(
                "init_lora_weights",
                $"'{init}' changes the base model, which is not supported; convert the adapter to a plain LoRA"
            );
        }

        foreach (
            JsonProperty other in keys
                .Value.EnumerateObject()
                .Where(p => !Harmless.Contains(p.Name) && !Understood.Contains(p.Name) && !IsOff(p.Value))
        )
        {
            throw keys.Bad(other.Name, $"is {other.Value}, which is not supported");
        }

        JsonElement targets = keys.Find("target_modules") ?? throw keys.Bad("target_modules", "is missing");
        string? pattern =
            targets.ValueKind == JsonValueKind.String && targets.GetString() != LoraSettings.AllLinear ? targets.GetString() : null;
        return new()
        {
            Rank = keys.Count("r"),
            Alpha = keys.Number("lora_alpha") ?? throw keys.Bad("lora_alpha", "is missing"),
            UseRslora = keys.Flag("use_rslora") ?? false,
            TargetPattern = pattern,
            Targets = targets.ValueKind switch
            {
                JsonValueKind.String => pattern is null ? [LoraSettings.AllLinear] : [],
                JsonValueKind.Array when targets.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) =>
                [
                    .. targets.EnumerateArray().Select(t => t.GetString()!),
                ],
                _ => throw keys.Bad("target_modules", "must be a list of names or a regular expression"),
            },
            RankPattern = Pattern(keys, "rank_pattern", (patterns, key) => patterns.Count(key)),
            AlphaPattern = Pattern(keys, "alpha_pattern", (patterns, key) => patterns.Number(key) ?? throw patterns.Bad(key, "is missing")),
        };
    }

    public static JsonObject Write(LoraSettings settings, string? baseModel) =>
        new()
        {
            ["alpha_pattern"] = new JsonObject(settings.AlphaPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Number(p.Value)))),
            ["auto_mapping"] = null,
            ["base_model_name_or_path"] = baseModel,
            ["bias"] = "none",
            ["fan_in_fan_out"] = false,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["layers_pattern"] = null,
            ["layers_to_transform"] = null,
            ["lora_alpha"] = Number(settings.Alpha),
            ["lora_dropout"] = JsonFile.Decimal(0),
            ["modules_to_save"] = null,
            ["peft_type"] = "LORA",
            ["r"] = settings.Rank,
            ["rank_pattern"] = new JsonObject(settings.RankPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["revision"] = null,
            ["target_modules"] = settings switch
            {
                { TargetPattern: { } pattern } => pattern,
                { Targets: [LoraSettings.AllLinear] } => LoraSettings.AllLinear,
                _ => new JsonArray([.. settings.Targets.Select(t => JsonValue.Create(t))]),
            },
            ["task_type"] = "CAUSAL_LM",
            ["use_dora"] = false,
            ["use_rslora"] = settings.UseRslora,
        };

    private static List<KeyValuePair<string, T>> Pattern<T>(JsonKeys keys, string key, Func<JsonKeys, string, T> read) =>
        keys.Object(key) is { } patterns
            ? [.. patterns.Value.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, read(patterns, p.Name)))]
            : [];

    private static bool IsOff(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            JsonValueKind.Array => value.GetArrayLength() == 0,
            _ => false,
        };

    /// <summary>The keys in which two adapters differ, with their values; null if there are none.</summary>
    /// <param name="there">The adapter in a file.</param>
    /// <param name="here">The adapter in use.</param>
    public static string? Difference(LoraSettings there, LoraSettings here)
    {
        JsonObject wanted = Write(here, null);
        string[] differences =
        [
            .. from pair in Write(there, null)
            let value = Text(pair.Value)
            let other = Text(wanted[pair.Key])
            where value != other
            select $"{pair.Key} is {value} there and {other} here",
        ];
        return differences.Length == 0 ? null : string.Join(", ", differences);
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "null";

    private static JsonNode Number(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < 1e9 ? (long)value : JsonFile.Decimal(value);
}
