namespace SchemaStream.Protocol;

/// <summary>
/// Bytes that do not form the message they claim to be. The text says which field, what was expected and what was found;
/// whoever sent them gets a closed connection, never a half-read message.
/// </summary>
public sealed class ProtocolException : Exception
{
    public ProtocolException()
    {
    }

    public ProtocolException(string message)
        : base(message)
    {
    }

    public ProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A message was to be read or written in a version that its definition does not have.</summary>
    public static ProtocolException UnsupportedVersion(string message, short version, short first, short last) =>
        new($"{message}: expected a version from {first} to {last}, found {version}");

    /// <summary>A null was to be written where the version has none.</summary>
    public static ProtocolException NullWritten(string field, short version) =>
        new($"{field}: expected a value, found null, which version {version} does not have");
}
