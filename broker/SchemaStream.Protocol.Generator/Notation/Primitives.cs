namespace SchemaStream.Protocol.Generator.Notation;

internal enum Primitive
{
    Struct,
    Boolean,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    Error,
    String,
    Bytes,
    Records,
}

/// <summary>The words for Kafka's primitive types, their C# types, and what they take on the wire.</summary>
internal static class Primitives
{
    private static readonly (Primitive Primitive, string Notation, string CSharp, int FixedSize)[] Table =
    [
        (Primitive.Boolean, "bool", "bool", 1),
        (Primitive.Int8, "int8", "sbyte", 1),
        (Primitive.Int16, "int16", "short", 2),
        (Primitive.UInt16, "uint16", "ushort", 2),
        (Primitive.Int32, "int32", "int", 4),
        (Primitive.UInt32, "uint32", "uint", 4),
        (Primitive.Int64, "int64", "long", 8),
        (Primitive.Float64, "float64", "double", 8),
        (Primitive.Uuid, "uuid", "global::System.Guid", 16),
        (Primitive.Error, "error", "global::SchemaStream.Protocol.ErrorCode", 2),
        (Primitive.String, "string", "string", 0),
        (Primitive.Bytes, "bytes", "global::System.ReadOnlyMemory<byte>", 0),
        (Primitive.Records, "records", "global::System.ReadOnlyMemory<byte>", 0),
    ];

    public static IEnumerable<string> Words => Table.Select(row => row.Notation);

    public static bool TryParse(string word, out Primitive primitive)
    {
        primitive = Table.FirstOrDefault(row => row.Notation == word).Primitive;
        return primitive != Primitive.Struct;
    }

    public static string NotationOf(Primitive primitive) => Row(primitive).Notation;

    public static string CSharpOf(Primitive primitive) => Row(primitive).CSharp;

    /// <summary>Bytes on the wire; zero when a length stands before the content.</summary>
    public static int FixedSizeOf(Primitive primitive) => Row(primitive).FixedSize;

    public static bool IsNumber(Primitive primitive) =>
        primitive is >= Primitive.Int8 and <= Primitive.Float64 or Primitive.Error;

    private static (Primitive Primitive, string Notation, string CSharp, int FixedSize) Row(Primitive primitive) =>
        Table.First(row => row.Primitive == primitive);
}
