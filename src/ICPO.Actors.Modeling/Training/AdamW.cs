using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov, Hutter 2019) over a flat buffer, on every parameter alike, as
/// <c>torch.optim.AdamW</c> with one group does it. One fused kernel per step.
/// </summary>
public sealed class AdamW : IDisposable
{
    // TorchSharp does not bind the fused kernel; a script can call it. Lists are arguments: with lists created inside the script,
    // its optimizer removes the call, since nothing in the script reads them afterwards.
    private const string Script = """
        def step(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor],
                 lr: float, beta1: float, beta2: float, decay: float, eps: float):
            torch._fused_adamw_(p, g, m, v, [], t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps,
                                amsgrad=False, maximize=False)
            return p[0]

        """;

    private readonly FlatParameters _parameters;
    private readonly OptimizerSettings _settings;
    private readonly jit.CompilationUnit _script;
    private readonly Tensor _time;

    public AdamW(FlatParameters parameters, OptimizerSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        (_parameters, _settings) = (parameters, settings);
        _script = jit.compile(Script);
        FirstMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        _time = zeros([], ScalarType.Float32, parameters.Values.device).DetachFromDisposeScope();
    }

    /// <summary>Running mean of gradients [P].</summary>
    public Tensor FirstMoment { get; }

    /// <summary>Running mean of squared gradients [P].</summary>
    public Tensor SecondMoment { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    /// <summary>Scales the gradients down to the settings' norm, as <c>clip_grad_norm_</c> does.</summary>
    /// <param name="norm">Their norm now.</param>
    public void Clip(double norm)
    {
        using DisposeScope scope = NewDisposeScope();
        if (_settings.GradientClip is { } limit && limit / (norm + 1e-6) is < 1 and var factor)
        {
            _parameters.Gradients.MulInPlace(factor);
        }
    }

    /// <summary>One step at a learning rate.</summary>
    public void Step(double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable constant = no_grad();
        _time.FillInPlace(++Steps);
        _script.Invoke(
            "step",
            [_parameters.Values, _parameters.Gradients, FirstMoment, SecondMoment, _time],
            learningRate,
            _settings.Beta1,
            _settings.Beta2,
            _settings.WeightDecay,
            _settings.Epsilon
        );
    }

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
        _time.Dispose();
        _script.Dispose();
    }
}
