using System.Runtime.Serialization;
using ICPO.Actors.Contracts;

namespace ICPO.Actors.Wire;

/// <summary>A group as the bytes that lie in the <see cref="SegmentLog"/>: the same form as on the wire (<c>training-group.1</c>).</summary>
public static class GroupPayload
{
    private static readonly Codec _codec = Codecs.ByType[typeof(TrainingGroup)];

    public static byte[] Write(TrainingGroup group) => _codec.Write(group);

    /// <exception cref="SerializationException">The bytes are not a group.</exception>
    public static TrainingGroup Read(ReadOnlySpan<byte> bytes) => (TrainingGroup)_codec.Read(bytes);
}
