namespace SchemaStream.Registry.Client;

/// <summary>No answer came from the registry: it is not running, not there, or too slow.</summary>
/// <remarks>The message names the address and what to try next.</remarks>
public sealed class RegistryUnreachableException : RegistryException
{
    /// <summary>Makes the exception.</summary>
    public RegistryUnreachableException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">The address, what happened, what to try.</param>
    public RegistryUnreachableException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">The address, what happened, what to try.</param>
    /// <param name="innerException">The cause.</param>
    public RegistryUnreachableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
