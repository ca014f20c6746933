using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Verification;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Cases and verdicts on the wire.</summary>
internal static class Verification
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<CaseDemand, Proto.CaseDemand>(
                "case-demand.1",
                Proto.CaseDemand.Parser,
                m =>
                {
                    Proto.CaseDemand proto = new()
                    {
                        Worker = m.Worker,
                        Epoch = m.Epoch.Value,
                        Sequence = m.Sequence,
                        Free = m.Free,
                    };
                    proto.Held.Put(m.Held, ToProto);
                    return proto;
                },
                p =>
                    new()
                    {
                        Worker = p.Worker,
                        Epoch = new(p.Epoch),
                        Sequence = p.Sequence,
                        Free = p.Free,
                        Held = p.Held.Get(ToContract),
                    }
            ),
            new Codec<VerifyCase, Proto.VerifyCase>(
                "verify-case.1",
                Proto.VerifyCase.Parser,
                m =>
                    new()
                    {
                        Id = ToProto(m.Id),
                        Epoch = m.Epoch.Value,
                        Question = m.Question.ToProto(),
                        Text = m.Text,
                        Finish = (Proto.FinishReason)m.Finish,
                        Trace = m.Trace ?? "",
                    },
                p =>
                    new(
                        ToContract(Fields.Required(p.Id)),
                        new(p.Epoch),
                        Fields.Required(p.Question).ToContract(),
                        p.Text,
                        Fields.Known<FinishReason>((int)p.Finish)
                    )
                    {
                        Trace = Fields.Optional(p.Trace),
                    }
            ),
            new Codec<CaseJudged, Proto.CaseJudged>(
                "case-judged.1",
                Proto.CaseJudged.Parser,
                m =>
                    new()
                    {
                        Id = ToProto(m.Id),
                        Epoch = m.Epoch.Value,
                        Judgement = m.Judgment.ToProto(),
                    },
                p => new(ToContract(Fields.Required(p.Id)), new(p.Epoch), Fields.Required(p.Judgement).ToContract())
            ),
            new Codec<CaseAck, Proto.CaseAck>(
                "case-ack.1",
                Proto.CaseAck.Parser,
                m => new() { Id = ToProto(m.Id) },
                p => new(ToContract(Fields.Required(p.Id)))
            ),
        ];

    private static Proto.CaseId ToProto(CaseId id) => new() { Rollout = id.Rollout.ToProto(), Attempt = id.Attempt };

    private static CaseId ToContract(Proto.CaseId id) => new(Fields.Required(id.Rollout).ToContract(), id.Attempt);
}
