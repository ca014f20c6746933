namespace ICPO.DataFiles.Parquet;

/// <summary>A decimal number by its digits, which can be more than any .NET number type holds.</summary>
internal readonly record struct ParquetDecimal(string Digits) : IFormattable
{
    public string ToString(string? format, IFormatProvider? formatProvider) => Digits;
}
