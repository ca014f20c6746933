namespace ICPO.Actors.Contracts.Buffering;

/// <summary>The location of a payload, with its checksum: a reader reports different content as damage.</summary>
/// <param name="Segment">The segment file's number, from 0; in a database the epoch of the core that appended it.</param>
/// <param name="Offset">Where its record starts in that file, in bytes; in a database the bytes appended before it in its epoch.</param>
/// <param name="Length">The length of the payload, in bytes.</param>
/// <param name="Checksum">CRC-32C of the payload.</param>
public readonly record struct BlobRef(int Segment, long Offset, int Length, uint Checksum)
{
    public override string ToString() => $"{Segment}:{Offset}+{Length}";
}
