using ICPO.Actors.Modeling.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Tests.Transformer;

public sealed class DecoderTests
{
    private static readonly DecoderConfig Tiny = new()
    {
        VocabSize = 31,
        HiddenSize = 24,
        IntermediateSize = 40,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        HeadDim = 8,
        MaxPositionEmbeddings = 64,
        TieWordEmbeddings = true,
    };

    [Fact]
    public void Repeated_passes_leave_no_tensor_behind()
    {
        using Decoder decoder = new Decoder(Tiny).Initialize(1);
        Step(decoder); // gradients are made once
        long before = Live();
        for (int i = 0; i < 10; i++)
        {
            Step(decoder);
        }

        Assert.Equal(before, Live());
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_and_logits()
    {
        using Tensor ids = tensor(new long[] { 1, 2, 3, 4 }).view(1, 4);
        using Decoder a = new Decoder(Tiny).Initialize(7);
        using Decoder b = new Decoder(Tiny).Initialize(7);
        using Decoder c = new Decoder(Tiny).Initialize(8);
        using Tensor x = a.Forward(ids);
        using Tensor y = b.Forward(ids);
        using Tensor z = c.Forward(ids);
        Assert.Equal([1, 4, 31], x.shape);
        Assert.True(x.equal(y).all().ToBoolean());
        Assert.False(x.equal(z).all().ToBoolean());
    }

    [Fact]
    public void Bfloat16_computes_what_float32_does_to_its_precision()
    {
        using DisposeScope scope = NewDisposeScope();
        Decoder exact = new Decoder(Tiny).Initialize(5);
        var half = new Decoder(Tiny, CPU, ScalarType.BFloat16);
        using (no_grad())
        {
            foreach (
                ((string _, TorchSharp.Modules.Parameter? from), (string _, TorchSharp.Modules.Parameter? to)) in exact
                    .named_parameters()
                    .Zip(half.named_parameters())
            )
            {
                from.mul_(from.dim() == 2 ? 10 : 1); // fresh matrices are too small to tell anything apart
                to.copy_(from);
            }
        }

        Tensor ids = arange(12).view(2, 6);
        (Tensor? expected, Tensor? actual) = (exact.Forward(ids), half.Forward(ids));
        Assert.Equal(ScalarType.BFloat16, actual.dtype);
        Tensor error = actual.to(ScalarType.Float32).sub(expected).norm().div(expected.norm());
        Assert.InRange(error.ToDouble(), 0, 0.05);
        actual.sum().backward();
        Assert.All(half.parameters(), p => Assert.True(p.grad!.isfinite().all().ToBoolean()));
    }

    [Fact]
    public void A_later_token_changes_nothing_before_it()
    {
        using DisposeScope scope = NewDisposeScope();
        Decoder decoder = new Decoder(Tiny, CPU, ScalarType.Float64).Initialize(5);
        Tensor a = decoder.Forward(tensor(new long[] { 1, 2, 3, 4, 5 }).unsqueeze(0));
        Tensor b = decoder.Forward(tensor(new long[] { 1, 2, 3, 9, 9 }).unsqueeze(0));
        Assert.True(a.narrow(1, 0, 3).allclose(b.narrow(1, 0, 3), 0, 1e-12));
        Assert.False(a.narrow(1, 3, 1).allclose(b.narrow(1, 3, 1), 0, 1e-12));
    }

    [Fact]
    public void Parameters_carry_the_names_of_the_checkpoint()
    {
        using var decoder = new Decoder(Tiny with { NumHiddenLayers = 1, TieWordEmbeddings = false });
        Assert.Equal(
            [
                "lm_head.weight",
                "model.embed_tokens.weight",
                "model.layers.0.input_layernorm.weight",
                "model.layers.0.mlp.down_proj.weight",
                "model.layers.0.mlp.gate_proj.weight",
                "model.layers.0.mlp.up_proj.weight",
                "model.layers.0.post_attention_layernorm.weight",
                "model.layers.0.self_attn.k_norm.weight",
                "model.layers.0.self_attn.k_proj.weight",
                "model.layers.0.self_attn.o_proj.weight",
                "model.layers.0.self_attn.q_norm.weight",
                "model.layers.0.self_attn.q_proj.weight",
                "model.layers.0.self_attn.v_proj.weight",
                "model.norm.weight",
            ],
            decoder.named_parameters().Select(p => p.name).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>Tensors this thread made and did not dispose (Tensor.TotalCount counts those of other tests too).</summary>
    private static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static void Step(Decoder decoder)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = randint(31, [3, 9], ScalarType.Int64);
        decoder.Forward(ids).logsumexp(-1).sum().backward();
        decoder.zero_grad();
    }
}
