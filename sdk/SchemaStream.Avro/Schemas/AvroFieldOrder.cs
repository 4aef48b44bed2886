namespace SchemaStream.Avro.Schemas;

/// <summary>How a field takes part in the order of records.</summary>
public enum AvroFieldOrder
{
    /// <summary>Smaller values first.</summary>
    Ascending = 0,

    /// <summary>Larger values first.</summary>
    Descending = 1,

    /// <summary>Not looked at.</summary>
    Ignore = 2,
}
