using System.Collections.Immutable;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Policies;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Contracts.Verification;

namespace ICPO.Actors.Wire.Tests;

/// <summary>One message per manifest, every field away from its default, always the same: the golden bytes are theirs.</summary>
internal static class Samples
{
    private static readonly Question Question = new()
    {
        Id = "train/17",
        Text = "1 + 2 = ?",
        Answer = "3",
        Tags = ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("hard", "no"), KeyValuePair.Create("kind", "µ ✓")]),
    };

    private static readonly GroupSpec Spec = new()
    {
        Id = new(17),
        Question = Question,
        Prompt = [1, 300, 70_000],
        PolicyRollouts = 7,
        ExpertRollouts = 1,
        DispatchedAt = new(5),
    };

    private static readonly Rollout Rollout = new()
    {
        Id = new(new(17), Origin.Expert, 2),
        Tokens = [4, 500, 0, 2],
        LogProbs = [-0.5f, -1e-30f, 0f, -12.25f],
        Versions = [5, 5, 6, 6],
        Finish = FinishReason.Length,
        Seed = 0xFEDC_BA98_7654_3210,
        Text = "the answer is 3\n",
        Demonstrations = ["pool/1", "pool/2"],
        PromptLength = 41,
    };

    private static readonly JudgedRollout Judged = new(Rollout, new(Verdict.Wrong, 0.25, "4", "not 3"));
    private static readonly JudgedRollout Faulty = new(Rollout with { Id = new(new(17), Origin.Policy, 0) }, Judgment.TimedOut("10 s"));
    private static readonly DroppedRollout Dropped = new(new(new(17), Origin.Policy, 3), 9, DropReason.ReplacedByExpert);
    private static readonly TrainingGroup Group = new()
    {
        Spec = Spec,
        Members = [Faulty, Judged],
        Dropped = [Dropped],
    };
    private static readonly LeaseId Lease = new(new(17), Origin.Expert, 7, 2);
    private static readonly CaseId Case = new(Rollout.Id, 2);
    private static readonly PolicySnapshot Weights = new(new(6), new(3), "weights/policy-6.safetensors", _sha256, 1L << 32);
    private static readonly GroupAdmittedEvent Stored = new(
        new(17),
        new(5),
        new(3, 1L << 33, 4096, 0xDEADBEEF),
        [new(Origin.Policy, 6, 240), new(Origin.Expert, 1, 44)],
        [Dropped]
    );

    private static readonly RolloutStoredEvent Kept = new(Rollout.Id, 4, new(5), new(3, 1L << 34, 512, 0xCAFEF00D));

    private const string Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private const string _sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Hardware = "a processor, 1 thread";

    public static IEnumerable<object> All =>
        [
            new Demand
            {
                Worker = "node/engine-1",
                Epoch = new(3),
                Sequence = 1L << 33,
                Free = -2,
                Origins = [Origin.Expert, Origin.Policy],
                Held = [Lease],
                Version = new(4),
            },
            new RolloutLease
            {
                Id = Lease,
                Epoch = new(3),
                Prompt = [1, 300, 70_000],
                Siblings = [7, 9],
                Seeds = [1, ulong.MaxValue],
                NotBefore = new(4),
                Trace = Traceparent,
            },
            new LeaseProgress(Lease, new(3), 1L << 35),
            new LeaseFailed(Lease, new(3), "the engine stopped", EngineFault: true),
            new CancelLease(Lease, new(3)),
            new RolloutDelivered(Lease, new(3), Rollout),
            new RolloutAck(Lease, Rollout.Id),
            new JoinRun
            {
                Node = "node",
                Roles = [NodeRole.Verifier, NodeRole.Rollout, NodeRole.Expert],
                Device = "cuda",
                Slots = 64,
                Context = 4096,
                Version = new(4),
                Leases = [Lease],
                Rollouts = [Rollout.Id],
            },
            new Welcome(new(3), "run-17", Weights) { Files = "http://127.0.0.1:5053/" },
            new Refused("the run is in e4", new(4)),
            new DescribeRun("node", "0.1.0"),
            new RunDescription
            {
                Epoch = new(3),
                Run = "run-17",
                Product = "0.1.0",
                Configuration = "icpo.preset = icpo",
                Model = [new("config.json", _sha256, 512), new("model.safetensors", _sha256, 1L << 34)],
                Adapter = [new("adapter_config.json", _sha256, 64)],
                Files = "https://learner:5053",
                MaxTokens = 640,
                StopStrings = ["\n\n", "Question:"],
            },
            new RunEnded("run-17", new(3)),
            new LeaveRun(new(3)),
            new WorkerFault
            {
                Worker = "node/engine-0",
                Role = NodeRole.Verifier,
                Epoch = new(3),
                Number = 7,
                Reason = "the device is gone",
                Pause = TimeSpan.FromSeconds(2),
            },
            new WorkerNote(new(3), "engine-0 continues with fewer slots"),
            new CaseDemand
            {
                Worker = "node/verifier",
                Epoch = new(3),
                Sequence = 1L << 33,
                Free = 31,
                Held = [Case],
            },
            new VerifyCase(Case, new(3), Question, "the answer is 3\n", FinishReason.Length) { Trace = Traceparent },
            new CaseJudged(Case, new(3), new(Verdict.Wrong, 0.25, "4", "not 3")),
            new CaseAck(Case),
            Group,
            new AdmitGroup(Group),
            new StoreRollout(Judged, new(5)),
            Judged,
            new RejectGroup(Spec, GroupRejection.TooFewVerdicts, [Dropped]),
            new GroupAdmitted(new(17)),
            new GroupRejected(new(17), GroupRejection.Stale),
            new RequestBatch(new(5), new(3), 32),
            new BatchPrepared(new(5), new(3), [Group, Group]),
            new CommitUpdate(new(6), new(3), _sha256) { Hardware = Hardware },
            new RecordRedone(new(3), Hardware, [new(new(5), _sha256), new(new(6), _sha256)]),
            new UpdateCommitted(new(6), new(3), _sha256),
            new CheckpointWritten(new(6), "checkpoints/6"),
            new PolicyPublished(Weights),
            Stored,
            new GroupRejectedEvent(new(18), GroupRejection.GenerationFailed, [Dropped, Dropped]),
            Kept,
            new RolloutDroppedEvent(Rollout.Id, 4),
            new UpdatePreparedEvent(new(5), new(3), [new(17), new(1L << 40)]),
            new UpdateCommittedEvent(new(6), new(3), _sha256) { Hardware = Hardware },
            new UpdatesRedoneEvent(new(3), Hardware, [new(new(5), _sha256), new(new(6), _sha256)]),
            new CheckpointWrittenEvent(new(6), "checkpoints/6", new(4)),
            new EpochStartedEvent(new(3)),
            new BufferSnapshot
            {
                Epoch = new(3),
                Committed = new(6),
                Checkpoint = new(new(4), "checkpoints/4", new(2)),
                Earlier = [new(new(2), "checkpoints/2")],
                Pending = [Stored],
                Admitted = [new(new(17), new(5))],
                Rollouts = [Kept],
                Prepared = new(new(6), new(3), [new(17)]),
                Uncheckpointed = [new(new(5), _sha256, [Stored]) { Hardware = Hardware }, new(new(6), _sha256, [])],
                ResolvedBelow = 17,
                ResolvedAbove = [new(17), new(19)],
                Ledger = ImmutableSortedDictionary.CreateRange([
                    KeyValuePair.Create("groups/open", 2L),
                    KeyValuePair.Create("tokens/policy/consumed", 1L << 41),
                ]),
            },
        ];

    /// <summary>Messages whose optional parts are absent or empty.</summary>
    public static IEnumerable<object> Sparse =>
        [
            new RejectGroup(
                Spec with
                {
                    Prompt = [],
                    Question = new()
                    {
                        Id = "",
                        Text = "",
                        Answer = "",
                    },
                },
                GroupRejection.NoSignal,
                []
            ),
            new JudgedRollout(Rollout with { Tokens = [], LogProbs = [], Versions = [], Demonstrations = [] }, new(Verdict.Correct, 0)),
            new JudgedRollout(Rollout, new(Verdict.Correct, 1, "", "")),
            new JudgedRollout(Rollout with { Context = [5, 0, 7] }, new(Verdict.Correct, 1)),
            new JudgedRollout(
                Rollout with
                {
                    LogProbs = [float.NaN, float.NegativeInfinity, -0f, float.Epsilon],
                },
                new(Verdict.Crashed, null)
            ),
            new Welcome(new(1), "", null),
            new Demand
            {
                Worker = "",
                Epoch = default,
                Sequence = 0,
                Free = 0,
                Origins = [],
            },
            new TrainingGroup
            {
                Spec = Spec,
                Members = [],
                Dropped = [],
            },
            new GroupAdmittedEvent(new(0), new(0), default, [], []),
            new GroupAdmittedEvent(new(3), new(1), default, [], []) { RewardSpread = 0.25 },
            new UpdatePreparedEvent(new(5), new(3), [new(17), new(19)]) { Kept = [new(19)] },
            new BufferSnapshot
            {
                Epoch = default,
                Committed = default,
                Pending = [new GroupAdmittedEvent(new(19), new(0), default, [], [])],
                Trained = [new TrainedGroup(new(19), 2)],
                Uncheckpointed = [],
                ResolvedBelow = 0,
                ResolvedAbove = [],
                Ledger = ImmutableSortedDictionary<string, long>.Empty,
            },
            new BufferSnapshot
            {
                Epoch = default,
                Committed = default,
                Pending = [],
                Uncheckpointed = [],
                ResolvedBelow = 0,
                ResolvedAbove = [],
                Ledger = ImmutableSortedDictionary<string, long>.Empty,
            },
        ];
}
