using ICPO.Actors.Contracts.Nodes;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Codecs of the messages with which nodes join a run.</summary>
internal static class Nodes
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<JoinRun, Proto.JoinRun>(
                "join-run.1",
                Proto.JoinRun.Parser,
                m =>
                {
                    Proto.JoinRun proto = new()
                    {
                        Node = m.Node,
                        Device = m.Device,
                        Slots = m.Slots,
                        Context = m.Context,
                        Version = m.Version.Value,
                    };
                    proto.Roles.Put(m.Roles, role => (Proto.NodeRole)role);
                    proto.Leases.Put(m.Leases, Dispatching.ToProto);
                    proto.Rollouts.Put(m.Rollouts, Fields.ToProto);
                    return proto;
                },
                p =>
                    new()
                    {
                        Node = p.Node,
                        Roles = p.Roles.Get(role => Fields.Known<NodeRole>((int)role)),
                        Device = p.Device,
                        Slots = p.Slots,
                        Context = p.Context,
                        Version = new(p.Version),
                        Leases = p.Leases.Get(Dispatching.ToContract),
                        Rollouts = p.Rollouts.Get(Fields.ToContract),
                    }
            ),
            new Codec<Welcome, Proto.Welcome>(
                "welcome.1",
                Proto.Welcome.Parser,
                m =>
                {
                    Proto.Welcome proto = new()
                    {
                        Epoch = m.Epoch.Value,
                        Run = m.Run,
                        Files = m.Files,
                    };
                    if (m.Weights is { } weights)
                    {
                        proto.Weights = weights.ToProto();
                    }

                    return proto;
                },
                p => new(new(p.Epoch), p.Run, p.Weights?.ToContract()) { Files = p.Files }
            ),
            new Codec<Refused, Proto.Refused>(
                "refused.1",
                Proto.Refused.Parser,
                m => new() { Reason = m.Reason, Epoch = m.Epoch.Value },
                p => new(p.Reason, new(p.Epoch))
            ),
            new Codec<DescribeRun, Proto.DescribeRun>(
                "describe-run.1",
                Proto.DescribeRun.Parser,
                m => new() { Node = m.Node, Product = m.Product },
                p => new(p.Node, p.Product)
            ),
            new Codec<RunDescription, Proto.RunDescription>(
                "run-description.1",
                Proto.RunDescription.Parser,
                m =>
                {
                    Proto.RunDescription proto = new()
                    {
                        Epoch = m.Epoch.Value,
                        Run = m.Run,
                        Product = m.Product,
                        Configuration = m.Configuration,
                        Files = m.Files,
                        MaxTokens = m.MaxTokens,
                    };
                    proto.Model.Put(m.Model, ToProto);
                    proto.Adapter.Put(m.Adapter, ToProto);
                    proto.StopStrings.Put(m.StopStrings);
                    return proto;
                },
                p =>
                    new()
                    {
                        Epoch = new(p.Epoch),
                        Run = p.Run,
                        Product = p.Product,
                        Configuration = p.Configuration,
                        Model = p.Model.Get(ToContract),
                        Adapter = p.Adapter.Get(ToContract),
                        Files = p.Files,
                        MaxTokens = p.MaxTokens,
                        StopStrings = p.StopStrings.Get(),
                    }
            ),
            new Codec<RunEnded, Proto.RunEnded>(
                "run-ended.1",
                Proto.RunEnded.Parser,
                m => new() { Run = m.Run, Epoch = m.Epoch.Value },
                p => new(p.Run, new(p.Epoch))
            ),
            new Codec<LeaveRun, Proto.LeaveRun>(
                "leave-run.1",
                Proto.LeaveRun.Parser,
                m => new() { Epoch = m.Epoch.Value },
                p => new(new(p.Epoch))
            ),
            new Codec<WorkerFault, Proto.WorkerFault>(
                "worker-fault.1",
                Proto.WorkerFault.Parser,
                m =>
                    new()
                    {
                        Worker = m.Worker,
                        Role = (Proto.NodeRole)m.Role,
                        Epoch = m.Epoch.Value,
                        Number = m.Number,
                        Reason = m.Reason,
                        PauseTicks = m.Pause.Ticks,
                    },
                p =>
                    new()
                    {
                        Worker = p.Worker,
                        Role = Fields.Known<NodeRole>((int)p.Role),
                        Epoch = new(p.Epoch),
                        Number = p.Number,
                        Reason = p.Reason,
                        Pause = new(p.PauseTicks),
                    }
            ),
            new Codec<WorkerNote, Proto.WorkerNote>(
                "worker-note.1",
                Proto.WorkerNote.Parser,
                m => new() { Epoch = m.Epoch.Value, Text = m.Text },
                p => new(new(p.Epoch), p.Text)
            ),
        ];

    private static Proto.ModelFile ToProto(ModelFile file) =>
        new()
        {
            Name = file.Name,
            Sha256 = file.Sha256,
            Length = file.Length,
        };

    private static ModelFile ToContract(Proto.ModelFile file) => new(file.Name, file.Sha256, file.Length);
}
