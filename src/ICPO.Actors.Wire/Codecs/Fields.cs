using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Wire.Codecs;

/// <summary>Common conversions of fields. An invalid value is an <see cref="InvalidDataException"/>.</summary>
internal static class Fields
{
    /// <summary>A message field that protobuf leaves out when the writer did not set it.</summary>
    public static T Required<T>(T? field, [CallerArgumentExpression(nameof(field))] string name = "")
        where T : class => field ?? throw new InvalidDataException($"the field '{name}' is missing");

    /// <summary>A text that protobuf reads as empty when the writer did not set it.</summary>
    public static string? Optional(string text) => text.Length > 0 ? text : null;

    /// <summary>An enum value that is known to this version.</summary>
    public static T Known<T>(int value)
        where T : struct, Enum
    {
        T known = Unsafe.BitCast<int, T>(value);
        return Enum.IsDefined(known)
            ? known
            : throw new InvalidDataException(
                $"{typeof(T).Name} {value} is unknown to this version; read it with the newer version that wrote it"
            );
    }

    public static void Put<T>(this RepeatedField<T> field, ImmutableArray<T> items) => field.AddRange(items.IsDefault ? [] : items);

    public static void Put<T, TProto>(this RepeatedField<TProto> field, ImmutableArray<T> items, Func<T, TProto> convert)
    {
        foreach (T item in items.AsSpan())
        {
            field.Add(convert(item));
        }
    }

    public static ImmutableArray<T> Get<T>(this RepeatedField<T> field)
    {
        var items = new T[field.Count];
        field.CopyTo(items, 0);
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    public static ImmutableArray<T> Get<TProto, T>(this RepeatedField<TProto> field, Func<TProto, T> convert)
    {
        var items = new T[field.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = convert(field[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    public static Proto.RolloutId ToProto(this RolloutId id) =>
        new()
        {
            Group = id.Group.Value,
            Origin = (Proto.Origin)id.Origin,
            Sibling = id.Sibling,
        };

    public static RolloutId ToContract(this Proto.RolloutId id) => new(new(id.Group), Known<Origin>((int)id.Origin), id.Sibling);
}
