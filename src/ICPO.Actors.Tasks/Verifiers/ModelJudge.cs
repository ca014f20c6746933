using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Judging;
using ICPO.Actors.Tasks.Rewards;

namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>
/// A model judges by a rubric. An answer without a reward, a cut answer and an exception of the model are faults, never a reward of 0.
/// </summary>
/// <param name="model">The model; not disposed.</param>
/// <param name="settings">The rubric and how the answer is read. Its address and secret are not used here.</param>
/// <param name="rewards">The range of the rewards; null takes 0 to 1.</param>
/// <exception cref="ArgumentException">A setting is invalid.</exception>
public sealed class ModelJudge(IJudgeModel model, JudgeSettings settings, RewardScale? rewards = null) : IVerifier
{
    private readonly Rubric _rubric = new(settings, rewards ?? new RewardScale());

    public string Name => JudgeVerifier.VerifierName;

    public async ValueTask<Judgment> VerifyAsync(
        Question question,
        string response,
        FinishReason finish,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(response);
        return _rubric.Read(await model.AskAsync(_rubric.Messages(question, response), cancellationToken).ConfigureAwait(false));
    }
}
