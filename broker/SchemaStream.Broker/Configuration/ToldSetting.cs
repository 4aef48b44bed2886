namespace SchemaStream.Broker.Configuration;

/// <summary>A setting as someone told it.</summary>
/// <param name="Key">By Kafka's name.</param>
/// <param name="Value">As it was written.</param>
/// <param name="Place">Where it was told, for messages: a file's line, a variable, a switch.</param>
public sealed record ToldSetting(string Key, string Value, string Place);
