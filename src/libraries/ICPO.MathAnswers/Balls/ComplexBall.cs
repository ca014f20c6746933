namespace ICPO.MathAnswers.Balls;

/// <summary>A complex number with errors; a real number has an imaginary part that is exactly zero.</summary>
internal readonly record struct ComplexBall(Ball Real, Ball Imaginary)
{
    public static readonly ComplexBall None = new(Ball.None, Ball.None);
    public static readonly ComplexBall One = new(Ball.One, Ball.Zero);

    public bool IsNone => Real.IsNone || Imaginary.IsNone;

    public bool IsReal => Imaginary.IsZero;

    public bool MayBeZero => Real.MayBeZero && Imaginary.MayBeZero;

    public long Size => Math.Max(Real.Size, Imaginary.Size);

    public long Error => Math.Max(Real.Error, Imaginary.Error);

    public static implicit operator ComplexBall(Ball real) => new(real, Ball.Zero);

    public ComplexBall Negate() => new(Real.Negate(), Imaginary.Negate());

    /// <summary>Times i.</summary>
    public ComplexBall Turn() => new(Imaginary.Negate(), Real);
}
