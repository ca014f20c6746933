namespace ICPO.Actors.Algorithm.Advantages;

/// <summary>
/// How a group's rewards become advantages. Pure: the same rewards give the same advantages. A new one is a class in this folder and a
/// line in <see cref="AdvantageRegistry"/>.
/// </summary>
public interface IAdvantage
{
    /// <summary>The value of <c>icpo.group.advantage</c> that selects it.</summary>
    string Name { get; }

    /// <summary>Further accepted spellings of <see cref="Name"/>.</summary>
    IReadOnlyList<string> Aliases => [];

    /// <summary>True if the advantage compares siblings, so that equal rewards give exact zeros.</summary>
    bool IsRelative { get; }

    /// <summary>One advantage per reward.</summary>
    /// <param name="rewards">Rewards of the kept members, bonus included, shape [n].</param>
    /// <param name="isBaseline">Which members the mean and the deviation are taken over, shape [n].</param>
    /// <param name="epsilon">Added to a standard deviation; unused where nothing is divided.</param>
    /// <returns>Shape [n].</returns>
    double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<bool> isBaseline, double epsilon);

    /// <summary>What all advantages of a batch are divided by.</summary>
    /// <param name="rewards">Rewards of all members of the batch.</param>
    /// <param name="epsilon">Added to a standard deviation.</param>
    double BatchDivisor(ReadOnlySpan<double> rewards, double epsilon) => 1;
}
