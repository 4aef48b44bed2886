namespace SchemaStream.Avro.Schemas;

/// <summary>The words that schema texts use for the kinds.</summary>
internal static class AvroKindNames
{
    private static readonly string[] Names =
    [
        "null", "boolean", "int", "long", "float", "double", "bytes", "string",
        "record", "enum", "array", "map", "union", "fixed",
    ];

    /// <summary>The word for a kind.</summary>
    public static string TypeName(this AvroSchemaKind kind) => Names[(int)kind];

    /// <summary>True for the kinds without parts.</summary>
    public static bool IsPrimitive(this AvroSchemaKind kind) => kind <= AvroSchemaKind.String;

    /// <summary>True for the kinds with a name.</summary>
    public static bool IsNamed(this AvroSchemaKind kind) =>
        kind is AvroSchemaKind.Record or AvroSchemaKind.Enum or AvroSchemaKind.Fixed;

    /// <summary>The primitive of a word, if it is one.</summary>
    public static AvroSchemaKind? Primitive(string word)
    {
        var index = Array.IndexOf(Names, word);
        return index is >= 0 and <= (int)AvroSchemaKind.String ? (AvroSchemaKind)index : null;
    }
}
