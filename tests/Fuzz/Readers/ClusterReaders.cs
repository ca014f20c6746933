using ICPO.Actors.Wire.Codecs;

namespace Fuzz.Readers;

/// <summary>What nodes and the core of a cluster send each other.</summary>
internal static class ClusterReaders
{
    /// <summary>New ones are added at the end, so that an input stays the same as long as possible.</summary>
    public static IReadOnlyList<string> Manifests { get; } =
    [
        "join-run.1",
        "welcome.1",
        "refused.1",
        "describe-run.1",
        "run-description.1",
        "run-ended.1",
        "leave-run.1",
        "worker-fault.1",
        "worker-note.1",
        "demand.1",
        "rollout-lease.2",
        "lease-progress.1",
        "lease-failed.2",
        "cancel-lease.1",
        "rollout-delivered.1",
        "rollout-ack.1",
        "policy-published.1",
        "case-demand.1",
        "verify-case.1",
        "case-judged.1",
        "case-ack.1",
    ];

    /// <summary>The first byte chooses the kind of message.</summary>
    public static void Message(byte[] input)
    {
        if (input.Length > 0)
        {
            WireFormat.Read(Manifests[input[0] % Manifests.Count], input[1..]);
        }
    }
}
