using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Dispatching;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Nodes;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Wire.Tests;

public sealed class SerializationTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions _json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly ActorSystem _system = ActorSystem.Create(
        "wire",
        ConfigurationFactory.ParseString(WireConfiguration.Hocon + WireConfiguration.Strict)
    );

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _system.Terminate();

    [Fact]
    public void Every_message_comes_back_from_an_actor_systems_serialization_as_it_went_in()
    {
        foreach (object message in Samples.All.Concat(Samples.Sparse))
        {
            Serializer serializer = _system.Serialization.FindSerializerFor(message);
            Assert.IsType<IcpoSerializer>(serializer);
            object read = _system.Serialization.Deserialize(
                _system.Serialization.Serialize(message),
                IcpoSerializer.Id,
                Serialization.ManifestFor(serializer, message)
            );
            Assert.Equal(message.GetType(), read.GetType());
            Assert.Equal(Json(message), Json(read));
        }
    }

    [Fact]
    public void There_is_a_sample_of_every_manifest()
    {
        Assert.Equal(IcpoSerializer.Manifests.Keys.Select(t => t.Name).Order(), Samples.All.Select(m => m.GetType().Name).Order());
        Assert.All(IcpoSerializer.Manifests.Values, m => Assert.Matches(@"^[a-z]+(-[a-z]+)*\.[0-9]+$", m));
    }

    [Fact]
    public void Every_value_of_every_enum_comes_back()
    {
        RolloutId id = new(new(1), Origin.Policy, 0);
        object[] messages =
        [
            .. Enum.GetValues<Origin>().Select(v => new RolloutAck(default, id with { Origin = v })),
            .. Enum.GetValues<NodeRole>().Select(v => Join(v)),
            .. Enum.GetValues<GroupRejection>().Select(v => new GroupRejected(new(1), v)),
            .. Enum.GetValues<DropReason>().Select(v => new GroupRejectedEvent(new(1), default, [new(id, 1, v)])),
            .. Enum.GetValues<Verdict>().Select(v => Judged(r => r with { Judgment = new(v, 1) })),
            .. Enum.GetValues<FinishReason>().Select(v => Judged(r => r with { Rollout = r.Rollout with { Finish = v } })),
        ];
        Assert.All(messages, m => Assert.Equal(Json(m), Json(RoundTrip(m))));
    }

    [Theory]
    [InlineData(typeof(Origin), typeof(Proto.Origin))]
    [InlineData(typeof(Verdict), typeof(Proto.Verdict))]
    [InlineData(typeof(FinishReason), typeof(Proto.FinishReason))]
    [InlineData(typeof(DropReason), typeof(Proto.DropReason))]
    [InlineData(typeof(GroupRejection), typeof(Proto.GroupRejection))]
    [InlineData(typeof(NodeRole), typeof(Proto.NodeRole))]
    public void Enums_have_the_same_names_and_numbers_on_the_wire(Type contract, Type proto) =>
        Assert.Equal(
            Enum.GetValues(contract).Cast<object>().Select(v => $"{v} = {(int)v}"),
            Enum.GetValues(proto).Cast<object>().Select(v => $"{v} = {(int)v}")
        );

    [Fact]
    public void A_type_without_a_manifest_is_refused_by_the_system_and_by_the_serializer()
    {
        object stranger = new Stranger("x");
        Assert.Throws<SerializationException>(() => _system.Serialization.Serialize(stranger));
        SerializationException e = Assert.Throws<SerializationException>(() => Serializer.ToBinary(stranger));
        Assert.Contains(nameof(Stranger), e.Message);
    }

    [Fact]
    public void An_unknown_manifest_and_damaged_bytes_are_named()
    {
        Assert.Contains(
            "'group-stored.99'",
            Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "group-stored.99")).Message
        );
        Assert.Contains(
            "'cancel-lease.1'",
            Assert.Throws<SerializationException>(() => Serializer.FromBinary([0xFF], "cancel-lease.1")).Message
        );
        Assert.Contains("p.Lease", Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "cancel-lease.1")).Message);
        // Tag 5 (origins, packed) = [77].
        Assert.Contains("Origin 77", Assert.Throws<SerializationException>(() => Serializer.FromBinary([0x2A, 1, 77], "demand.1")).Message);
        // Tag 1 (group) = -1.
        Assert.Throws<SerializationException>(() =>
            Serializer.FromBinary([0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], "group-admitted.1")
        );
    }

    [Theory]
    [InlineData("request-work.1")]
    [InlineData("rollout-lease.1")]
    [InlineData("lease-done.1")]
    [InlineData("lease-failed.1")]
    [InlineData("rollout-completed.1")]
    [InlineData("rollout-failed.1")]
    [InlineData("rollout-judged.1")]
    public void A_manifest_that_was_retired_is_not_used_again(string manifest) =>
        Assert.DoesNotContain(manifest, IcpoSerializer.Manifests.Values);

    [Fact]
    public void A_lease_without_one_seed_per_sibling_is_refused()
    {
        RolloutLease lease = Samples.All.OfType<RolloutLease>().Single();
        Assert.Throws<ArgumentException>(() => RoundTrip(lease with { Seeds = [1] }));
        // Tag 4 (siblings, packed) = [7].
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([0x22, 1, 7], "rollout-lease.2"));
    }

    [Fact]
    public void A_rollout_without_one_log_probability_and_version_per_token_is_refused()
    {
        Assert.Throws<ArgumentException>(() => RoundTrip(Judged(r => r with { Rollout = r.Rollout with { LogProbs = [0f] } })));
        Assert.Throws<ArgumentException>(() => RoundTrip(Judged(r => r with { Rollout = r.Rollout with { Versions = [1] } })));
    }

    [Fact]
    public void Damaged_bytes_of_a_message_never_end_in_another_kind_of_error()
    {
        (string Manifest, byte[] Bytes)[] written = [.. Samples.All.Select(m => (Serializer.Manifest(m), Serializer.ToBinary(m)))];
        Gen.Select(Gen.Int[0, written.Length - 1], Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Bool)
            .Sample(
                (which, where, value, cut) =>
                {
                    (string manifest, byte[] bytes) = written[which];
                    int place = where % bytes.Length;
                    byte[] damaged = cut ? bytes[..place] : [.. bytes];
                    if (!cut)
                    {
                        damaged[place] = value;
                    }

                    try
                    {
                        Serializer.FromBinary(damaged, manifest);
                    }
                    catch (SerializationException)
                    {
                        // The one way in which damage may show; a byte that only changed a value reads as another message.
                    }
                },
                iter: 5000
            );
    }

    [Fact]
    public void The_versions_of_a_rollout_cost_bytes_per_swap_and_not_per_token()
    {
        JudgedRollout Long(int swaps) =>
            Judged(r =>
                r with
                {
                    Rollout = r.Rollout with
                    {
                        Tokens = [.. new int[1000]],
                        LogProbs = [.. new float[1000]],
                        Versions = [.. Enumerable.Range(0, 1000).Select(i => (long)(i * (swaps + 1) / 1000))],
                    },
                }
            );
        int none = Serializer.ToBinary(Long(0)).Length;
        Assert.InRange(Serializer.ToBinary(Long(3)).Length - none, 1, 30);
        Assert.Equal(Json(Long(3)), Json(RoundTrip(Long(3))));
    }

    private IcpoSerializer Serializer => (IcpoSerializer)_system.Serialization.FindSerializerForType(typeof(Demand));

    private object RoundTrip(object message) => Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));

    private static JudgedRollout Judged(Func<JudgedRollout, JudgedRollout> change) => change(Samples.All.OfType<JudgedRollout>().Single());

    private static JoinRun Join(NodeRole role) => Samples.All.OfType<JoinRun>().Single() with { Roles = [role] };

    private static string Json(object message) => JsonSerializer.Serialize(message, message.GetType(), _json);

    private sealed record Stranger(string Text);
}
