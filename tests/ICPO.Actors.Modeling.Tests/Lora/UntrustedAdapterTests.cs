using System.Text;
using ICPO.Actors.Modeling.Lora;

namespace ICPO.Actors.Modeling.Tests.Lora;

/// <summary>An adapter_config.json that holds anything.</summary>
public sealed class UntrustedAdapterTests
{
    private static readonly LoraLayer[] Layers =
    [
        .. Enumerable.Range(0, 50).Select(i => new LoraLayer($"model.layers.{i}.self_attn.q_proj", 8, 8)),
    ];

    public static TheoryData<string> Configs =>
        [
            """{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": "(m+)+#"}""",
            """{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": "("}""",
            $$"""{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": "{{new string('(', 50_000)}}"}""",
            $$"""{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": [{{Times("\"q_proj\",", 20_000)}}"none"]}""",
            "{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 16, \"target_modules\": [\"q_proj\"], "
                + $"\"rank_pattern\": {{{Times("\"x\":1,", 20_000)}\"q\":2}}}}",
            """{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"], "rank_pattern": {"(.*)*#": 8}}""",
            """{"peft_type": "LORA", "r": 99999999999, "lora_alpha": 16, "target_modules": ["q_proj"]}""",
            """{"peft_type": "LORA", "r": 8, "lora_alpha": 1e999, "target_modules": ["q_proj"]}""",
            """{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["\ud800"]}""",
            """[]""",
        ];

    [Theory]
    [MemberData(nameof(Configs))]
    public void A_config_that_no_adapter_has_is_refused_within_the_bound(string json) =>
        Untrusted.Refused<InvalidDataException>(json.Length, () =>
            LoraPlan.Find(Layers, PeftConfig.Parse("adapter_config.json", Encoding.UTF8.GetBytes(json)), "adapter_config.json")
        );

    [Fact]
    public void The_first_pattern_that_matches_a_layer_decides()
    {
        const string Json = """
            {"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"],
             "rank_pattern": {"layers.1.self_attn.q_proj": 2, "layers\\.(1|2).*": 4}, "alpha_pattern": {"q_proj": 32}}
            """;
        List<LoraPlace> places = LoraPlan.Find(Layers[..4], PeftConfig.Parse("adapter_config.json", Encoding.UTF8.GetBytes(Json)), "x");
        Assert.Equal([8, 2, 4, 8], places.Select(place => place.Rank));
        Assert.Equal([4, 16, 8, 4], places.Select(place => place.Scale));
    }

    private static string Times(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
