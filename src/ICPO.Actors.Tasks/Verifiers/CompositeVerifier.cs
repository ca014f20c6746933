using System.Collections.Immutable;
using System.Globalization;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Processes;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// The weighted mean reward of several verifiers. A reward of at least the threshold is Correct; below it, the first part that is not
/// Correct
/// determines the verdict. A fault of one part is a fault of the whole: a response that was not judged is never rewarded.
/// </summary>
public sealed class CompositeVerifier : IVerifier, IGoldReader, IRestartableVerifier, IStartCheck, IAsyncDisposable
{
    public const string VerifierName = "composite";

    public static VerifierDescriptor Descriptor { get; } =
        new(VerifierName, context => new CompositeVerifier(context.Settings, part =>
            context.All.Create(part, context.Settings, context.CreateTaskVerifier)
        ))
        {
            NeedsSupervision = (settings, all) => settings.Composite.Parts.Any(part => all.NeedsSupervision(part.Verifier, settings)),
            IsExternal = (settings, all) => settings.Composite.Parts.Any(part => all.IsExternal(part.Verifier, settings)),
        };

    private readonly ImmutableArray<(IVerifier Verifier, double Weight)> _parts;
    private readonly double _threshold;
    private readonly double _sum;

    /// <param name="settings">The parts, their weights and the threshold.</param>
    /// <param name="create">Creates the verifier of a part from its name.</param>
    /// <exception cref="ArgumentException">
    /// There are no parts, a part is unknown or a composite, or a number is out of range.
    /// </exception>
    public CompositeVerifier(VerifierSettings settings, Func<string, IVerifier> create)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(create);
        CompositeSettings composite = settings.Composite;
        if (
            composite.Parts.IsDefaultOrEmpty
            || composite.Parts.Any(p => p.Verifier == VerifierName || !(p.Weight > 0))
            || !(composite.Threshold is > 0 and <= 1)
        )
        {
            throw new ArgumentException(
                "verification.composite needs at least one part such as \"math 0.9\" (a verifier other than composite, and a weight above "
                    + "0) and a threshold above 0 and up to 1.",
                nameof(settings)
            );
        }

        _parts = [.. composite.Parts.Select(p => (create(p.Verifier), p.Weight))];
        _threshold = composite.Threshold;
        _sum = _parts.Sum(p => p.Weight);
    }

    public string Name => VerifierName;

    public bool EnforcesDeadline => _parts.All(part => part.Verifier.EnforcesDeadline);

    /// <summary>As many cases as keep the part busy that judges the fewest at once.</summary>
    public int? Concurrency => _parts.Min(part => part.Verifier.Concurrency);

    /// <summary>The first extracted answer and the first problem of the parts.</summary>
    public GoldAnswer ReadGold(Question question)
    {
        GoldAnswer[] read = [.. _parts.Select(p => p.Verifier).OfType<IGoldReader>().Select(r => r.ReadGold(question))];
        return new(
            read.Select(r => r.Extracted).FirstOrDefault(e => e is not null),
            read.Select(r => r.Problem).FirstOrDefault(p => p is not null)
        );
    }

    public async ValueTask<Judgment> VerifyAsync(
        Question question,
        string response,
        FinishReason finish,
        CancellationToken cancellationToken
    )
    {
        double reward = 0;
        string? extracted = null;
        Judgment? missed = null;
        List<string> details = [];
        foreach ((IVerifier verifier, double weight) in _parts)
        {
            Judgment part = await verifier.VerifyAsync(question, response, finish, cancellationToken).ConfigureAwait(false);
            if (part.Reward is not { } own)
            {
                return part with { Detail = $"{verifier.Name}: {part.Detail}" };
            }

            reward += weight * own;
            extracted ??= part.Extracted;
            missed ??= part.Verdict == Verdict.Correct ? null : part;
            details.Add(
                string.Create(CultureInfo.InvariantCulture, $"{verifier.Name} {own:0.##}{(part.Detail is null ? "" : $" ({part.Detail})")}")
            );
        }

        // Rounding: weights of 0.7, 0.2 and 0.1 do not sum to 1.
        reward = Math.Min(1, reward / _sum);
        Verdict verdict = reward >= _threshold - 1e-9 ? Verdict.Correct : missed?.Verdict ?? Verdict.Wrong;
        return new(verdict, reward, extracted, string.Join("; ", details));
    }

    public void RequireStartable()
    {
        foreach (IStartCheck part in Parts<IStartCheck>())
        {
            part.RequireStartable();
        }
    }

    public void Restart()
    {
        foreach (IRestartableVerifier part in Parts<IRestartableVerifier>())
        {
            part.Restart();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in Parts<IAsyncDisposable>())
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IEnumerable<T> Parts<T>() => _parts.Select(part => part.Verifier).OfType<T>();
}
