namespace SchemaStream.Json;

/// <summary>A text is not a JSON Schema that can be used: what is wrong, and where.</summary>
public sealed class JsonSchemaException : Exception
{
    /// <summary>Makes the exception without a place.</summary>
    public JsonSchemaException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception from what caused it.</summary>
    public JsonSchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with the place in the schema, a JSON pointer such as <c>#/properties/id</c>.</summary>
    public JsonSchemaException(string message, string pointer)
        : base($"{message} (at {pointer})") => Pointer = pointer;

    /// <summary>Where in the schema, as a JSON pointer; null where there is no place to name.</summary>
    public string? Pointer { get; }
}
