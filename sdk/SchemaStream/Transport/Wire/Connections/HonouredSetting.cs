namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Whose a setting is. Others are told it too, where an application sets it for all its clients, and leave it be.</summary>
internal enum SettingUse
{
    /// <summary>Every client's.</summary>
    All = 0,

    /// <summary>A producer's.</summary>
    Producers = 1,

    /// <summary>A consumer's.</summary>
    Consumers = 2,
}

/// <summary>One of librdkafka's settings that the SDK's own transport acts upon.</summary>
/// <param name="Name">By librdkafka's name.</param>
/// <param name="Use">Whose it is.</param>
/// <param name="Default">What holds where it is not set, for people.</param>
/// <param name="Meaning">What it does here, for people.</param>
internal sealed record HonouredSetting(string Name, SettingUse Use, string Default, string Meaning)
{
    /// <summary>The one value that is acted upon, for it says what is done anyway; null where each of its values is.</summary>
    public string? Only { get; init; }

    /// <summary>Whether a value is acted upon.</summary>
    public bool Takes(string value) => Only is null || value.Equals(Only, StringComparison.OrdinalIgnoreCase);
}
