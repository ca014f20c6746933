using ICPO.Actors.Contracts.Groups;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Groups on the wire.</summary>
internal static class Groups
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<TrainingGroup, Proto.TrainingGroup>("training-group.1", Proto.TrainingGroup.Parser, ToProto, ToContract),
            new Codec<JudgedRollout, Proto.JudgedRollout>(
                "judged-rollout.1",
                Proto.JudgedRollout.Parser,
                Rollouts.ToProto,
                Rollouts.ToContract
            ),
        ];

    public static Proto.GroupSpec ToProto(this GroupSpec spec)
    {
        Proto.GroupSpec proto = new()
        {
            Id = spec.Id.Value,
            Question = spec.Question.ToProto(),
            PolicyRollouts = spec.PolicyRollouts,
            ExpertRollouts = spec.ExpertRollouts,
            DispatchedAt = spec.DispatchedAt.Value,
        };
        proto.Prompt.Put(spec.Prompt);
        proto.TeacherPrompt.Put(spec.TeacherPrompt);
        return proto;
    }

    public static GroupSpec ToContract(this Proto.GroupSpec spec) =>
        new()
        {
            Id = new(spec.Id),
            Question = Fields.Required(spec.Question).ToContract(),
            Prompt = spec.Prompt.Get(),
            TeacherPrompt = spec.TeacherPrompt.Get(),
            PolicyRollouts = spec.PolicyRollouts,
            ExpertRollouts = spec.ExpertRollouts,
            DispatchedAt = new(spec.DispatchedAt),
        };

    public static Proto.DroppedRollout ToProto(this DroppedRollout dropped) =>
        new()
        {
            Id = dropped.Id.ToProto(),
            Tokens = dropped.Tokens,
            Reason = (Proto.DropReason)dropped.Reason,
        };

    public static DroppedRollout ToContract(this Proto.DroppedRollout dropped) =>
        new(Fields.Required(dropped.Id).ToContract(), dropped.Tokens, Fields.Known<DropReason>((int)dropped.Reason));

    public static Proto.TrainingGroup ToProto(this TrainingGroup group)
    {
        Proto.TrainingGroup proto = new() { Spec = group.Spec.ToProto() };
        proto.Members.Put(group.Members, Rollouts.ToProto);
        proto.Dropped.Put(group.Dropped, ToProto);
        return proto;
    }

    public static TrainingGroup ToContract(this Proto.TrainingGroup group) =>
        new()
        {
            Spec = Fields.Required(group.Spec).ToContract(),
            Members = group.Members.Get(Rollouts.ToContract),
            Dropped = group.Dropped.Get(ToContract),
        };
}
