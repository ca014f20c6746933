using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Training;

/// <summary>
/// Sequences of one forward pass: prompt + response, padded on the right (which causal attention ignores), and the places whose next token
/// is a response token. Made once per update, on the thread that computes.
/// </summary>
internal sealed class MicroBatch : IDisposable
{
    private readonly DisposeScope _tensors = NewDisposeScope();

    private MicroBatch(IReadOnlyList<TrainingSequence> members, bool needsGradient, Device device, ScalarType dtype)
    {
        NeedsGradient = needsGradient;
        // The last token of a row predicts nothing.
        int width = members.Max(Length) - 1,
            tokens = members.Sum(m => m.Response.Length),
            at = 0;
        long[] ids = new long[members.Count * width],
            places = new long[tokens],
            targets = new long[tokens],
            rows = new long[tokens];
        double[] behaviour = new double[tokens],
            versions = new double[tokens];
        for (int row = 0; row < members.Count; row++)
        {
            TrainingSequence member = members[row];
            int prompt = member.Prompt.Length;
            for (int t = 0; t < Length(member) - 1; t++)
            {
                ids[row * width + t] = t < prompt ? member.Prompt[t] : member.Response[t - prompt];
            }

            for (int t = 0; t < member.Response.Length; t++, at++)
            {
                places[at] = row * width + prompt - 1 + t;
                targets[at] = member.Response[t];
                rows[at] = row;
                behaviour[at] = member.BehaviorLogProbs[t];
                versions[at] = member.Versions[t];
            }
        }

        Ids = tensor(ids, [members.Count, width], device: device);
        Places = tensor(places, device: device);
        Targets = tensor(targets, device: device);
        Sequence = tensor(rows, device: device);
        Behaviour = tensor(behaviour, dtype, device);
        Versions = tensor(versions, dtype, device);
        Mask = ones_like(Behaviour);
        Advantage = tensor(members.Select(m => m.Advantage).ToArray(), dtype, device);
        Rewarded = tensor(members.Select(m => m.Reward > 0).ToArray(), device: device);
        Expert = tensor(members.Select(m => m.Origin is Origin.Expert && !m.KeepsContext).ToArray(), device: device);
        _tensors.Detach(Ids, Places, Targets, Sequence, Behaviour, Versions, Mask, Advantage, Rewarded, Expert);
        _tensors.Dispose();
    }

    /// <summary>False if no token can move the gradient: a forward pass for the metrics is all it needs.</summary>
    public bool NeedsGradient { get; }

    /// <summary>int64 [B, T].</summary>
    public Tensor Ids { get; }

    /// <summary>Flat places in [B·T] whose next token is a response token, int64 [N].</summary>
    public Tensor Places { get; }

    /// <summary>Response tokens, int64 [N].</summary>
    public Tensor Targets { get; }

    public Tensor Sequence { get; }

    public Tensor Behaviour { get; }

    public Tensor Versions { get; }

    public Tensor Mask { get; }

    public Tensor Advantage { get; }

    public Tensor Rewarded { get; }

    public Tensor Expert { get; }

    /// <summary>log π_prox [N], once it was computed.</summary>
    public Tensor? Proximal { get; set; }

    /// <summary>
    /// Cuts sequences into micro-batches of at most the settings' padded tokens (a longer sequence goes alone), longest
    /// first so that little is padding; ties keep their order, so that the cut is a function of the sequences.
    /// </summary>
    public static IEnumerable<MicroBatch> Pack(
        IEnumerable<TrainingSequence> sequences,
        LearnerSettings settings,
        Device device,
        ScalarType dtype
    )
    {
        // With neither KL nor entropy in the loss, an advantage of 0 is a gradient of 0.
        bool always =
            settings.Objective
            is { KlCoefficient: not 0 }
                or { EntropyCoefficient: not 0 }
                or { ImitationCoefficient: not 0 }
                or { PolicyLoss.UsesAdvantage: false };
        foreach (IGrouping<bool, TrainingSequence> part in sequences.GroupBy(s => always || s.Advantage != 0).OrderByDescending(g => g.Key))
        {
            List<TrainingSequence> open = [];
            foreach (TrainingSequence sequence in part.OrderByDescending(Length))
            {
                if (open.Count > 0 && (open.Count + 1) * Length(open[0]) > settings.MicroBatchTokens)
                {
                    yield return new MicroBatch(open, part.Key, device, dtype);
                    open = [];
                }

                open.Add(sequence);
            }

            yield return new MicroBatch(open, part.Key, device, dtype);
        }
    }

    public void Dispose()
    {
        Tensor?[] tensors = [Ids, Places, Targets, Sequence, Behaviour, Versions, Mask, Advantage, Rewarded, Expert, Proximal];
        foreach (Tensor? tensor in tensors)
        {
            tensor?.Dispose();
        }
    }

    private static int Length(TrainingSequence sequence) => sequence.Prompt.Length + sequence.Response.Length;
}
