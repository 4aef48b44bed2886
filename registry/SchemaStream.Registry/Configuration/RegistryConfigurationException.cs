namespace SchemaStream.Registry.Configuration;

/// <summary>The registry cannot run as its settings say. The message names the setting, where it was told and what would do.</summary>
public sealed class RegistryConfigurationException : Exception
{
    public RegistryConfigurationException()
    {
    }

    public RegistryConfigurationException(string message)
        : base(message)
    {
    }

    public RegistryConfigurationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
