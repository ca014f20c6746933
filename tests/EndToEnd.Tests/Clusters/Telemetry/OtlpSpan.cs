using System.Collections.Immutable;
using Google.Protobuf;

namespace EndToEnd.Tests.Clusters.Telemetry;

/// <summary>A span as a collector gets it.</summary>
internal sealed record OtlpSpan
{
    public required ImmutableDictionary<string, string> Resource { get; init; }

    public string Trace { get; init; } = "";

    public string Parent { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The traces that it is linked to.</summary>
    public ImmutableArray<string> Links { get; init; } = [];

    /// <summary>Reads a request of OTLP (opentelemetry/proto/collector/trace/v1): the fields that tests look at.</summary>
    public static IEnumerable<OtlpSpan> Read(byte[] request) =>
        Fields(request).Where(field => field.Number == 1).SelectMany(field => ReadResource(field.Bytes));

    private static IEnumerable<OtlpSpan> ReadResource(byte[] resourceSpans)
    {
        (int Number, byte[] Bytes)[] fields = [.. Fields(resourceSpans)];
        var resource = fields
            .Where(field => field.Number == 1)
            .SelectMany(field => Fields(field.Bytes))
            .Where(field => field.Number == 1)
            .Select(field => Attribute(field.Bytes))
            .ToImmutableDictionary();
        return fields
            .Where(field => field.Number == 2)
            .SelectMany(scope => Fields(scope.Bytes))
            .Where(field => field.Number == 2)
            .Select(field => ReadSpan(field.Bytes, resource));
    }

    private static OtlpSpan ReadSpan(byte[] bytes, ImmutableDictionary<string, string> resource)
    {
        var span = new OtlpSpan { Resource = resource };
        foreach ((int number, byte[] value) in Fields(bytes))
        {
            span = number switch
            {
                1 => span with { Trace = Convert.ToHexString(value) },
                4 => span with { Parent = Convert.ToHexString(value) },
                5 => span with { Name = System.Text.Encoding.UTF8.GetString(value) },
                13 => span with { Links = span.Links.Add(Convert.ToHexString(Fields(value).First(field => field.Number == 1).Bytes)) },
                _ => span,
            };
        }

        return span;
    }

    private static KeyValuePair<string, string> Attribute(byte[] bytes)
    {
        string key = "",
            text = "";
        foreach ((int number, byte[] value) in Fields(bytes))
        {
            if (number == 1)
            {
                key = System.Text.Encoding.UTF8.GetString(value);
            }
            else
            {
                text = System.Text.Encoding.UTF8.GetString(Fields(value).FirstOrDefault(field => field.Number == 1).Bytes ?? []);
            }
        }

        return KeyValuePair.Create(key, text);
    }

    /// <summary>The fields of a message that are messages, texts or bytes.</summary>
    private static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and uint tag)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                yield return (WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }
    }
}
