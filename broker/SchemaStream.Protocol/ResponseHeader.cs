namespace SchemaStream.Protocol;

/// <summary>What stands before every response: v0 the correlation id, v1 tagged fields as well.</summary>
public readonly record struct ResponseHeader(int CorrelationId)
{
    /// <summary>
    /// The header's own version. ApiVersions always has version 0: a client reads that answer before it knows what the
    /// broker can do.
    /// </summary>
    public static short VersionFor(ApiKey apiKey, bool flexible) =>
        (short)(flexible && apiKey != ApiKey.ApiVersions ? 1 : 0);

    public static ResponseHeader Read(ref KafkaReader reader, short headerVersion)
    {
        var header = new ResponseHeader(reader.ReadInt32(nameof(CorrelationId)));
        if (headerVersion >= 1)
        {
            reader.SkipTaggedFields();
        }

        return header;
    }

    public void Write(ref KafkaWriter writer, short headerVersion)
    {
        writer.WriteInt32(CorrelationId);
        if (headerVersion >= 1)
        {
            writer.WriteUnsignedVarint(0);
        }
    }
}
