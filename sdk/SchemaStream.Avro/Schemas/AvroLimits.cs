namespace SchemaStream.Avro.Schemas;

/// <summary>The bounds on what comes from outside. Each is far above what people write and far below what hurts.</summary>
public static class AvroLimits
{
    /// <summary>The longest schema text that is parsed, in characters.</summary>
    public const int MaxTextLength = 1024 * 1024;

    /// <summary>How deep schemas may nest in each other, named types counted through their names.</summary>
    public const int MaxSchemaDepth = 200;

    /// <summary>How deep the JSON of a schema text may nest: a record within a record takes three levels.</summary>
    public const int MaxJsonDepth = 700;

    /// <summary>How many records, enums and fixeds one schema may define, referenced ones included.</summary>
    public const int MaxNames = 5000;

    /// <summary>How many pairs of named types one compatibility check may compare.</summary>
    public const int MaxComparedPairs = 50_000;

    /// <summary>How many violations one compatibility check reports.</summary>
    public const int MaxViolations = 100;

    /// <summary>How many steps the check of one default value may take: unions within unions may ask for very many.</summary>
    public const int MaxDefaultSteps = 1_000_000;

    /// <summary>How deep values of recursive types may nest when written or read.</summary>
    public const int MaxValueDepth = 1000;

    /// <summary>How many items that take no bytes (nulls, records without fields) one payload may declare.</summary>
    public const int MaxEmptyItems = 64 * 1024;
}
