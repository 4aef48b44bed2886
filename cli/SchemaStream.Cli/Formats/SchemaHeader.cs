namespace SchemaStream.Cli.Formats;

/// <summary>How Confluent's newer clients name a message's schema: by its GUID, in a header. The payload stands alone then.</summary>
internal static class SchemaHeader
{
    private const int GuidLength = 16;
    private const byte GuidMarker = 1;

    public static string NameOf(RecordSlot slot) => slot == RecordSlot.Key ? "__key_schema_id" : "__value_schema_id";

    /// <summary>Null for a header that is none of those.</summary>
    public static Guid? FindGuid(ReadOnlySpan<byte> header) =>
        header is [GuidMarker, ..] && header.Length > GuidLength ? new Guid(header.Slice(1, GuidLength), bigEndian: true) : null;

    /// <summary>What a codec reads: Protobuf's message indexes are behind the GUID, and not before the payload.</summary>
    public static byte[] Payload(SchemaFormat format, ReadOnlySpan<byte> header, ReadOnlySpan<byte> message) =>
        format == SchemaFormat.Protobuf ? [.. header[(1 + GuidLength)..], .. message] : message.ToArray();
}
