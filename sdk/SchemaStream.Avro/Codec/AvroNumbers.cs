using System.ComponentModel;

namespace SchemaStream.Avro.Codec;

/// <summary>Avro's integers as C#'s smaller ones: a value that does not fit is a fault of the data, not a wrapped number.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AvroNumbers
{
    /// <summary>The number as <see cref="sbyte"/>; one outside of it is a fault of the data.</summary>
    public static sbyte ToSByte(long value) => value == (sbyte)value ? (sbyte)value : throw OutOfRange(value, "an sbyte");

    /// <summary>The number as <see cref="byte"/>; one outside of it is a fault of the data.</summary>
    public static byte ToByte(long value) => value == (byte)value ? (byte)value : throw OutOfRange(value, "a byte");

    /// <summary>The number as <see cref="short"/>; one outside of it is a fault of the data.</summary>
    public static short ToInt16(long value) => value == (short)value ? (short)value : throw OutOfRange(value, "a short");

    /// <summary>The number as <see cref="ushort"/>; one outside of it is a fault of the data.</summary>
    public static ushort ToUInt16(long value) => value == (ushort)value ? (ushort)value : throw OutOfRange(value, "a ushort");

    /// <summary>The number as <see cref="int"/>; one outside of it is a fault of the data.</summary>
    public static int ToInt32(long value) => value == (int)value ? (int)value : throw OutOfRange(value, "an int");

    /// <summary>The number as <see cref="uint"/>; one outside of it is a fault of the data.</summary>
    public static uint ToUInt32(long value) => value == (uint)value ? (uint)value : throw OutOfRange(value, "a uint");

    private static AvroDataException OutOfRange(long value, string type) =>
        new($"{value} is outside of what {type} can be", isAfterValue: true);
}
