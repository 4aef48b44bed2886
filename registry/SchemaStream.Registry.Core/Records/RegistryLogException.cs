namespace SchemaStream.Registry.Core.Records;

/// <summary>A log that is broken, taken or out of reach; the message names it and what to do.</summary>
public sealed class RegistryLogException : Exception
{
    public RegistryLogException()
    {
    }

    public RegistryLogException(string message)
        : base(message)
    {
    }

    public RegistryLogException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
