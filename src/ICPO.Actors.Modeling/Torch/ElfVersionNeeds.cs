using System.Buffers.Binary;
using System.Text;

namespace ICPO.Actors.Modeling.Torch;

/// <summary>
/// The symbol versions that a shared library requires (ELF64, little-endian, section type SHT_GNU_verneed). The
/// dynamic linker refuses to load a library whose requirements are not met, unless they are marked weak.
/// </summary>
internal static class ElfVersionNeeds
{
    private const int VersionNeedSection = 0x6ffffffe;
    private const ushort WeakFlag = 0x2; // VER_FLG_WEAK
    private const int SectionHeaderBytes = 64;

    /// <summary>
    /// File offset of the flags (a little-endian 16-bit word) of the requirement <paramref name="version"/>; null if it is absent.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not a little-endian ELF64 library.</exception>
    public static int? FlagsOffset(ReadOnlySpan<byte> elf, string version)
    {
        try
        {
            return Find(elf, Encoding.ASCII.GetBytes(version));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("The library's section table points outside of the file.", e);
        }
    }

    public static bool IsWeak(ReadOnlySpan<byte> elf, int flagsOffset) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(elf[flagsOffset..]) & WeakFlag) != 0;

    public static void MarkWeak(Span<byte> elf, int flagsOffset) =>
        BinaryPrimitives.WriteUInt16LittleEndian(
            elf[flagsOffset..],
            (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(elf[flagsOffset..]) | WeakFlag)
        );

    private static int? Find(ReadOnlySpan<byte> elf, ReadOnlySpan<byte> version)
    {
        if (elf.Length < 64 || Word(elf, 0) != 0x464C457F || elf[4] != 2 || elf[5] != 1)
        {
            throw new InvalidDataException("The library is not a little-endian ELF64 file.");
        }

        int sections = Long(elf, 0x28);
        for (int s = 0; s < Half(elf, 0x3C); s++)
        {
            ReadOnlySpan<byte> header = elf.Slice(checked(sections + (s * SectionHeaderBytes)), SectionHeaderBytes);
            if (Word(header, 4) != VersionNeedSection)
            {
                continue;
            }

            int names = Long(elf, checked(sections + (Word(header, 0x28) * SectionHeaderBytes) + 0x18)); // of sh_link
            int need = Long(header, 0x18);
            for (int n = Word(header, 0x2C); n > 0; n--) // sh_info: number of needed files
            {
                int aux = checked(need + Word(elf, need + 8));
                for (ushort a = Half(elf, need + 2); a > 0; a--)
                {
                    ReadOnlySpan<byte> name = elf[checked(names + Word(elf, aux + 8))..];
                    if (name.StartsWith(version) && name[version.Length] == 0)
                    {
                        return aux + 4;
                    }

                    aux = checked(aux + Word(elf, aux + 12));
                }

                need = checked(need + Word(elf, need + 12));
            }
        }

        return null;
    }

    private static ushort Half(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int Word(ReadOnlySpan<byte> bytes, int at) => unchecked((int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));

    private static int Long(ReadOnlySpan<byte> bytes, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));
}
