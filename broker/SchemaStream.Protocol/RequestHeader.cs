namespace SchemaStream.Protocol;

/// <summary>What stands before every request: v0 without client id, v1 with it, v2 with tagged fields as well.</summary>
public readonly record struct RequestHeader(ApiKey ApiKey, short ApiVersion, int CorrelationId, string? ClientId)
{
    /// <summary>The header's own version, for a request whose layout is flexible or not.</summary>
    /// <remarks>Version 0 was ControlledShutdown v0 alone, which no one sends any more; it is read and written on demand.</remarks>
    public static short VersionFor(bool flexible) => (short)(flexible ? 2 : 1);

    /// <summary>Reads key and version, and goes back: they decide how the rest of the header is laid out.</summary>
    public static (ApiKey ApiKey, short ApiVersion) Peek(ReadOnlyMemory<byte> input)
    {
        var reader = new KafkaReader(input);
        return ((ApiKey)reader.ReadInt16(nameof(ApiKey)), reader.ReadInt16(nameof(ApiVersion)));
    }

    public static RequestHeader Read(ref KafkaReader reader, short headerVersion)
    {
        var apiKey = (ApiKey)reader.ReadInt16(nameof(ApiKey));
        var apiVersion = reader.ReadInt16(nameof(ApiVersion));
        var correlationId = reader.ReadInt32(nameof(CorrelationId));
        // The client id keeps its two-byte length in version 2, so that a server can read it whatever the version.
        var clientId = headerVersion >= 1 ? reader.ReadNullableString(nameof(ClientId)) : null;
        if (headerVersion >= 2)
        {
            reader.SkipTaggedFields();
        }

        return new RequestHeader(apiKey, apiVersion, correlationId, clientId);
    }

    public void Write(ref KafkaWriter writer, short headerVersion)
    {
        writer.WriteInt16((short)ApiKey);
        writer.WriteInt16(ApiVersion);
        writer.WriteInt32(CorrelationId);
        if (headerVersion >= 1)
        {
            writer.WriteNullableString(ClientId, nameof(ClientId));
        }

        if (headerVersion >= 2)
        {
            writer.WriteUnsignedVarint(0);
        }
    }
}
