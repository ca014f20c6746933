using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Wire.Segments;

/// <summary>
/// Reads the segments of a log that this process does not write: of a run that has ended, or of one that another process executes.
/// </summary>
public sealed class SegmentReader(string directory) : IPayloadReader
{
    public byte[] Read(BlobRef blob) => SegmentLog.Read(directory, blob);

    public bool Holds(BlobRef blob) => SegmentLog.Holds(directory, blob);
}
