namespace SchemaStream.Cli.Consuming;

/// <summary>A key or a value as JSON.</summary>
/// <param name="Json">In UTF-8, one value.</param>
/// <param name="Format">AVRO, string, bytes and the like; <c>null</c> for a tombstone or a missing key.</param>
/// <param name="SchemaId">The registry's id of the schema that it was written with.</param>
internal sealed record DecodedSlot(byte[] Json, string Format, int? SchemaId = null)
{
    public static readonly DecodedSlot Null = new("null"u8.ToArray(), "null");
}
