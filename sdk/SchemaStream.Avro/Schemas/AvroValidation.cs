namespace SchemaStream.Avro.Schemas;

/// <summary>How much of a schema text is checked.</summary>
public enum AvroValidation
{
    /// <summary>Everything: names, and defaults against their types.</summary>
    Strict = 0,

    /// <summary>Only what makes the schema usable: for texts that some other registry accepted long ago.</summary>
    Lenient = 1,
}
