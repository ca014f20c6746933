using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Published weights on the wire: their path, never the weights.</summary>
internal static class Policies
{
    public static IEnumerable<Codec> Codecs =>
        [
            new Codec<PolicyPublished, Proto.PolicyPublished>(
                "policy-published.1",
                Proto.PolicyPublished.Parser,
                m => new() { Snapshot = ToProto(m.Snapshot) },
                p => new(ToContract(Fields.Required(p.Snapshot)))
            ),
        ];

    public static Proto.PolicySnapshot ToProto(this PolicySnapshot snapshot) =>
        new()
        {
            Version = snapshot.Version.Value,
            Epoch = snapshot.Epoch.Value,
            Path = snapshot.Path,
            Sha256 = snapshot.Sha256,
            Length = snapshot.Length,
        };

    public static PolicySnapshot ToContract(this Proto.PolicySnapshot snapshot) =>
        new(new(snapshot.Version), new(snapshot.Epoch), snapshot.Path, snapshot.Sha256, snapshot.Length);
}
