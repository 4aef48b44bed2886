namespace SchemaStream.Json;

/// <summary>How strictly a text is held against the specification.</summary>
public enum JsonSchemaValidation
{
    /// <summary>Every keyword has a value that its draft allows, and every <c>$ref</c> leads somewhere: for new schemas.</summary>
    Strict = 0,

    /// <summary>A keyword whose value makes no sense is passed over: for what has been stored by others.</summary>
    Lenient = 1,
}
