using System.Runtime.Serialization;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Wire.Codecs;

namespace ICPO.Actors.Wire.Segments;

/// <summary>
/// A group as the bytes in the <see cref="SegmentLog"/>: the same format as on the wire (<c>training-group.1</c>).
/// </summary>
public static class GroupPayload
{
    private static readonly Codec Codec = CodecRegistry.ByType[typeof(TrainingGroup)];

    private static readonly Codec Rollout = CodecRegistry.ByType[typeof(JudgedRollout)];

    /// <summary>A rollout that waits for its siblings (<c>judged-rollout.1</c>).</summary>
    public static byte[] Write(JudgedRollout rollout) => Rollout.Write(rollout);

    /// <exception cref="SerializationException">The bytes are not a rollout.</exception>
    public static JudgedRollout ReadRollout(ReadOnlySpan<byte> bytes) => (JudgedRollout)Rollout.Read(bytes);

    public static byte[] Write(TrainingGroup group) => Codec.Write(group);

    /// <exception cref="SerializationException">The bytes are not a group.</exception>
    public static TrainingGroup Read(ReadOnlySpan<byte> bytes) => (TrainingGroup)Codec.Read(bytes);
}
