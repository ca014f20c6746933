using System.Collections.Immutable;
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

    private MicroBatch(IReadOnlyList<TrainingSequence> members, bool needsGradient, bool needsTeacher, Device device, ScalarType dtype)
    {
        NeedsGradient = needsGradient;
        int tokens = members.Sum(m => m.Response.Length),
            at = 0;
        long[] targets = new long[tokens],
            rows = new long[tokens];
        double[] behaviour = new double[tokens],
            versions = new double[tokens];
        for (int row = 0; row < members.Count; row++)
        {
            TrainingSequence member = members[row];
            for (int t = 0; t < member.Response.Length; t++, at++)
            {
                targets[at] = member.Response[t];
                rows[at] = row;
                behaviour[at] = member.BehaviorLogProbs[t];
                versions[at] = member.Versions[t];
            }
        }

        (Ids, Places) = Rows(members, member => member.Prompt, device);
        Targets = tensor(targets, device: device);
        Sequence = tensor(rows, device: device);
        Behaviour = tensor(behaviour, dtype, device);
        Versions = tensor(versions, dtype, device);
        Mask = ones_like(Behaviour);
        Advantage = tensor(members.Select(m => m.Advantage).ToArray(), dtype, device);
        Rewarded = tensor(members.Select(m => m.Reward > 0).ToArray(), device: device);
        Expert = tensor(members.Select(m => m.Origin is Origin.Expert && !m.KeepsContext).ToArray(), device: device);
        _tensors.Detach(Ids, Places, Targets, Sequence, Behaviour, Versions, Mask, Advantage, Rewarded, Expert);
        if (needsTeacher)
        {
            (TeacherIds, TeacherPlaces) = Rows(members, TeacherPrompt, device);
            _tensors.Detach(TeacherIds, TeacherPlaces);
        }

        _tensors.Dispose();
    }

    /// <summary>Prompts and responses, int64 [B, T], and the flat places whose next token is a response token, int64 [N].</summary>
    private static (Tensor Ids, Tensor Places) Rows(
        IReadOnlyList<TrainingSequence> members,
        Func<TrainingSequence, ImmutableArray<int>> promptOf,
        Device device
    )
    {
        // The last token of a row predicts nothing.
        int width = members.Max(m => promptOf(m).Length + m.Response.Length) - 1,
            at = 0;
        long[] ids = new long[members.Count * width],
            places = new long[members.Sum(m => m.Response.Length)];
        for (int row = 0; row < members.Count; row++)
        {
            TrainingSequence member = members[row];
            ImmutableArray<int> prompt = promptOf(member);
            for (int t = 0; t < prompt.Length + member.Response.Length - 1; t++)
            {
                ids[row * width + t] = t < prompt.Length ? prompt[t] : member.Response[t - prompt.Length];
            }

            for (int t = 0; t < member.Response.Length; t++, at++)
            {
                places[at] = row * width + prompt.Length - 1 + t;
            }
        }

        return (tensor(ids, [members.Count, width], device: device), tensor(places, device: device));
    }

    /// <summary>A sequence without a teacher is its own, so that nothing is to be learned from it.</summary>
    private static ImmutableArray<int> TeacherPrompt(TrainingSequence member) =>
        member.TeacherPrompt.IsEmpty ? member.Prompt : member.TeacherPrompt;

    /// <summary>False if no token can move the gradient: a forward pass for the metrics is all it needs.</summary>
    public bool NeedsGradient { get; }

    /// <summary>int64 [B, T].</summary>
    public Tensor Ids { get; }

    /// <summary>Flat places in [B·T] whose next token is a response token, int64 [N].</summary>
    public Tensor Places { get; }

    /// <summary>As <see cref="Ids"/> under the teacher's prompts, which have other lengths; null without a teacher.</summary>
    public Tensor? TeacherIds { get; }

    /// <summary>As <see cref="Places"/>, in the rows of <see cref="TeacherIds"/>.</summary>
    public Tensor? TeacherPlaces { get; }

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
                or { TeacherCoefficient: not 0 }
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
                    yield return new MicroBatch(open, part.Key, settings.Objective.NeedsTeacher, device, dtype);
                    open = [];
                }

                open.Add(sequence);
            }

            yield return new MicroBatch(open, part.Key, settings.Objective.NeedsTeacher, device, dtype);
        }
    }

    public void Dispose()
    {
        Tensor?[] tensors = [Ids, Places, Targets, Sequence, Behaviour, Versions, Mask, Advantage, Rewarded, Expert, Proximal];
        foreach (Tensor? tensor in tensors.Append(TeacherIds).Append(TeacherPlaces))
        {
            tensor?.Dispose();
        }
    }

    private static int Length(TrainingSequence sequence) =>
        Math.Max(sequence.Prompt.Length, sequence.TeacherPrompt.Length) + sequence.Response.Length;
}
