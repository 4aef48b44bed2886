namespace SchemaStream.Avro.Codec;

/// <summary>Avro's integers as C#'s smaller ones: a value that does not fit is a fault of the data, not a wrapped number.</summary>
internal static class AvroNumbers
{
    public static sbyte ToSByte(long value) => value == (sbyte)value ? (sbyte)value : throw OutOfRange(value, "an sbyte");

    public static byte ToByte(long value) => value == (byte)value ? (byte)value : throw OutOfRange(value, "a byte");

    public static short ToInt16(long value) => value == (short)value ? (short)value : throw OutOfRange(value, "a short");

    public static ushort ToUInt16(long value) => value == (ushort)value ? (ushort)value : throw OutOfRange(value, "a ushort");

    public static int ToInt32(long value) => value == (int)value ? (int)value : throw OutOfRange(value, "an int");

    public static uint ToUInt32(long value) => value == (uint)value ? (uint)value : throw OutOfRange(value, "a uint");

    private static AvroDataException OutOfRange(long value, string type) =>
        new($"{value} is outside of what {type} can be", isAfterValue: true);
}
