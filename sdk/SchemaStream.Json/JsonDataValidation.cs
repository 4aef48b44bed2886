namespace SchemaStream.Json;

/// <summary>When JSON data is held against its schema.</summary>
[Flags]
public enum JsonDataValidation
{
    /// <summary>Never: the data is what System.Text.Json makes of it.</summary>
    None = 0,

    /// <summary>What is written is held against the schema that it is registered with, before it is sent.</summary>
    Writing = 1,

    /// <summary>What is read is held against its writer's schema, before an object is made of it.</summary>
    Reading = 2,

    /// <summary>Both.</summary>
    WritingAndReading = Writing | Reading,
}
