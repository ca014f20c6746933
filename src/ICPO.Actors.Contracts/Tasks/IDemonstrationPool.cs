using System.Collections.Immutable;

namespace ICPO.Actors.Contracts.Tasks;

/// <summary>A host app's own pool of solved examples, used in place of the task's. Pure, as <see cref="ITask"/> is.</summary>
public interface IDemonstrationPool
{
    /// <summary>All of them.</summary>
    ImmutableArray<Demonstration> All { get; }

    /// <summary><paramref name="count"/> of them for a question, drawn by <paramref name="seed"/>; never the question itself.</summary>
    ImmutableArray<Demonstration> Draw(Question question, ulong seed, int count);

    /// <summary>
    /// Differs where the same arguments give something else. Stored with a run and compared when it is resumed; null is not compared.
    /// </summary>
    string? Version => null;
}
