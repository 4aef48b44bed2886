namespace SchemaStream.Registry.Client;

/// <summary>The registry refused a request.</summary>
/// <remarks>The message is the registry's own, followed by the request that it answers.</remarks>
public class RegistryException : Exception
{
    /// <summary>Makes the exception.</summary>
    public RegistryException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was asked and why it was refused.</param>
    public RegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was asked and why it was refused.</param>
    /// <param name="innerException">The cause.</param>
    public RegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception from the registry's answer.</summary>
    /// <param name="errorCode">The registry's error code, such as 40910; see <see cref="RegistryErrorCodes"/>.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="message">What was asked and why it was refused.</param>
    public RegistryException(int errorCode, int status, string message)
        : base(message)
    {
        ErrorCode = errorCode;
        Status = status;
    }

    /// <summary>The registry's error code, such as 40910; 0 if no answer came.</summary>
    public int ErrorCode { get; }

    /// <summary>The HTTP status; 0 if no answer came.</summary>
    public int Status { get; }
}
