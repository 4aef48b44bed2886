namespace SchemaStream.Avro;

/// <summary>A value that its schema cannot carry, or bytes that do not follow their schema.</summary>
public sealed class AvroDataException : SchemaSerializationException
{
    /// <summary>Makes the exception.</summary>
    public AvroDataException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    public AvroDataException(string message)
        : base(message) => Problem = message;

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    /// <param name="innerException">The cause.</param>
    public AvroDataException(string message, Exception innerException)
        : base(message, innerException) => Problem = message;

    internal AvroDataException(string problem, bool isAfterValue)
        : base(problem)
    {
        Problem = problem;
        IsAfterValue = isAfterValue;
    }

    internal AvroDataException(string path, int offset, string problem, Exception cause)
        : base($"{path} (byte {offset}): {problem}", cause)
    {
        Problem = problem;
        Path = path;
        Offset = offset;
    }

    /// <summary>The field, such as <c>OrderPlaced.Lines[3].Sku</c>; empty when it is not known.</summary>
    public string Path { get; } = "";

    /// <summary>The byte of the payload at which reading failed; -1 when writing.</summary>
    public int Offset { get; } = -1;

    /// <summary>The message without its place.</summary>
    internal string Problem { get; } = "";

    /// <summary>The value was read from its bytes and then found wrong: the reader stands behind it.</summary>
    internal bool IsAfterValue { get; }
}
