using System.Globalization;

namespace SchemaStream.Protocol.Generator.Notation;

/// <summary>A default as it was written, checked against the type of its field.</summary>
internal static class DefaultValue
{
    public static bool Fits(Primitive primitive, string text) =>
        primitive switch
        {
            Primitive.Boolean => text is "true" or "false",
            Primitive.Float64 => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            _ => TryInteger(text, out var value) && value >= Smallest(primitive) && value <= Largest(primitive),
        };

    public static bool TryInteger(string text, out long value) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? long.TryParse(text.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static long Smallest(Primitive primitive) =>
        primitive switch
        {
            Primitive.Int8 => sbyte.MinValue,
            Primitive.Int16 or Primitive.Error => short.MinValue,
            Primitive.Int32 => int.MinValue,
            Primitive.Int64 => long.MinValue,
            _ => 0,
        };

    private static long Largest(Primitive primitive) =>
        primitive switch
        {
            Primitive.Int8 => sbyte.MaxValue,
            Primitive.Int16 or Primitive.Error => short.MaxValue,
            Primitive.UInt16 => ushort.MaxValue,
            Primitive.Int32 => int.MaxValue,
            Primitive.UInt32 => uint.MaxValue,
            _ => long.MaxValue,
        };
}
