using System.Buffers.Binary;
using ICPO.Actors.Wire.Proto.TensorBoard;
using ICPO.Actors.Wire.Records;

namespace ICPO.Actors.Wire.Tests;

/// <summary>Reads an event file strictly: a record that is cut off or does not check ends in <see cref="InvalidDataException"/>.</summary>
internal static class EventFileReader
{
    public static List<Event> Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] all = new byte[file.Length];
        file.ReadExactly(all);
        ReadOnlySpan<byte> rest = all;
        List<Event> events = [];
        while (!rest.IsEmpty)
        {
            if (rest.Length < 12)
            {
                throw new InvalidDataException($"{path}: record {events.Count} is cut off in its header");
            }

            if (Masked(rest[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]))
            {
                throw new InvalidDataException($"{path}: the length of record {events.Count} does not check");
            }

            long length = BinaryPrimitives.ReadInt64LittleEndian(rest);
            if (length > rest.Length - 16)
            {
                throw new InvalidDataException($"{path}: record {events.Count} is cut off");
            }

            ReadOnlySpan<byte> payload = rest.Slice(12, (int)length);
            if (Masked(payload) != BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + (int)length)..]))
            {
                throw new InvalidDataException($"{path}: the payload of record {events.Count} does not check");
            }

            events.Add(Event.Parser.ParseFrom(payload));
            rest = rest[((int)length + 16)..];
        }

        return events;
    }

    /// <summary>Values of the summaries by tag, in file order.</summary>
    public static ILookup<string, (Event Event, Summary.Types.Value Value)> ByTag(IEnumerable<Event> events) =>
        events
            .Where(e => e.Summary is not null)
            .SelectMany(e => e.Summary.Value.Select(v => (Event: e, Value: v)))
            .ToLookup(p => p.Value.Tag);

    private static uint Masked(ReadOnlySpan<byte> bytes) => Crc32C.Mask(Crc32C.Compute(bytes));
}
