using ICPO.Actors.Contracts.Buffering;

namespace ICPO.Actors.Wire.Segments;

/// <summary>Reads the payloads that a journal refers to. Thread-safe.</summary>
public interface IPayloadReader
{
    /// <summary>The verified payload of a blob.</summary>
    /// <exception cref="InvalidDataException">It is missing or differs from what was appended; names the location.</exception>
    /// <exception cref="IOException">The location cannot be read; names it.</exception>
    byte[] Read(BlobRef blob);

    /// <summary>False if a blob was deleted because it is no longer needed.</summary>
    bool Holds(BlobRef blob);
}
