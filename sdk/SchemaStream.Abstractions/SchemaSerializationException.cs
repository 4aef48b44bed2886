namespace SchemaStream;

/// <summary>A value, type or payload that does not fit its schema.</summary>
/// <remarks>The message names the member or offset, what was expected and what was found.</remarks>
public class SchemaSerializationException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SchemaSerializationException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    public SchemaSerializationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    /// <param name="innerException">The cause.</param>
    public SchemaSerializationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
