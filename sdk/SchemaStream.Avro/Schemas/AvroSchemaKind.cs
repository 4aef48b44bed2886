namespace SchemaStream.Avro.Schemas;

/// <summary>The fourteen types of Avro.</summary>
public enum AvroSchemaKind
{
    /// <summary>No value; zero bytes.</summary>
    Null = 0,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 1,

    /// <summary>32-bit signed, zigzag varint.</summary>
    Int = 2,

    /// <summary>64-bit signed, zigzag varint.</summary>
    Long = 3,

    /// <summary>IEEE 754 single, four bytes, little-endian.</summary>
    Float = 4,

    /// <summary>IEEE 754 double, eight bytes, little-endian.</summary>
    Double = 5,

    /// <summary>A length and that many bytes.</summary>
    Bytes = 6,

    /// <summary>A length and that many bytes of UTF-8.</summary>
    String = 7,

    /// <summary>Named fields, one after the other.</summary>
    Record = 8,

    /// <summary>The position of one of a closed list of symbols.</summary>
    Enum = 9,

    /// <summary>Items of one type, in counted blocks.</summary>
    Array = 10,

    /// <summary>Values of one type by string key, in counted blocks.</summary>
    Map = 11,

    /// <summary>The position of one of several types, then a value of it.</summary>
    Union = 12,

    /// <summary>A named number of bytes.</summary>
    Fixed = 13,
}
