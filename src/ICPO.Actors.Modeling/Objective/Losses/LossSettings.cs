using ICPO.Actors.Modeling.Objective.Corrections;

namespace ICPO.Actors.Modeling.Objective.Losses;

/// <summary>Constants of the policy losses.</summary>
public abstract record LossSettings : CorrectionSettings
{
    /// <summary>ε_lo: u is clipped from below at 1 − ε_lo; infinity is off.</summary>
    public double ClipLow { get; init; } = 0.2;

    /// <summary>ε_hi: u is clipped from above at 1 + ε_hi; infinity is off.</summary>
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>c of the dual clip for A &lt; 0; null is off.</summary>
    public double? DualClip { get; init; } = 3;

    /// <summary>Upper bound of the unclipped ratio for both signs of A (δ of TRL); null is off.</summary>
    public double? RatioCap { get; init; }

    /// <summary>τ of SAPO's gate where A ≥ 0.</summary>
    public double GatePositive { get; init; } = 1;

    /// <summary>τ of SAPO's gate where A &lt; 0.</summary>
    public double GateNegative { get; init; } = 1.05;

    /// <summary>c, the weight of rewarded responses of SRFT.</summary>
    public double PositiveWeight { get; init; } = 0.1;

    /// <summary>OPSD drops tokens whose probability fell by more than this since they were sampled.</summary>
    public double TeacherMaxDrop { get; init; } = 0.2;

    /// <summary>Coefficient of log² u of OPSD.</summary>
    public double TeacherRatioPenalty { get; init; } = 1e-3;

    /// <summary>k and λ of VESPO's kernel where A ≥ 0.</summary>
    public (double Power, double Decay) KernelPositive { get; init; } = (2, 3);

    /// <summary>k and λ of VESPO's kernel where A &lt; 0.</summary>
    public (double Power, double Decay) KernelNegative { get; init; } = (3, 2);
}
