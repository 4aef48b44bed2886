namespace SchemaStream.Avro.Schemas;

/// <summary>A text that is not an Avro schema, or a C# type that has none.</summary>
public sealed class AvroSchemaException : SchemaSerializationException
{
    /// <summary>Makes the exception.</summary>
    public AvroSchemaException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    public AvroSchemaException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    /// <param name="innerException">The cause.</param>
    public AvroSchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal AvroSchemaException(string path, string problem)
        : base($"Invalid Avro schema at {path}: {problem}") => Path = path;

    /// <summary>Where in the schema text, as a JSON path such as <c>$.fields[2].type</c>; empty when not in a text.</summary>
    public string Path { get; } = "";
}
