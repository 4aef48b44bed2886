namespace SchemaStream.Broker.Server.Settings;

/// <summary>A setting that is unknown or has no value of its kind. The message names key, expected and found.</summary>
public sealed class BrokerSettingException : Exception
{
    public BrokerSettingException()
    {
    }

    public BrokerSettingException(string message)
        : base(message)
    {
    }

    public BrokerSettingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public BrokerSettingException(string key, string message)
        : base(message) => Key = key;

    /// <summary>The setting that is wrong; empty where it is several.</summary>
    public string Key { get; } = "";
}
