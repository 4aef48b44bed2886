using SchemaStream.Transport;

namespace SchemaStream.Consuming.Failures;

/// <summary>A record that could not be read or handled, as its bytes.</summary>
/// <param name="Source">Where it was first read.</param>
/// <param name="Timestamp">Its time there.</param>
/// <param name="Key">The key's own bytes; null for none.</param>
/// <param name="Value">The value's own bytes; null for a tombstone.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record FailedRecord(
    RecordPosition Source, DateTimeOffset Timestamp, byte[]? Key, byte[]? Value, RecordHeaders Headers)
{
    /// <summary>Copies a record out of its batch.</summary>
    /// <param name="record">The record.</param>
    /// <param name="headers">Its headers.</param>
    public static FailedRecord Of(in IncomingRecord record, RecordHeaders? headers) => new(
        new RecordPosition(record.Partition.Name.Topic, record.Partition.Name.Partition, record.Offset),
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(record.TimestampMs, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())),
        record.HasKey ? record.Key.ToArray() : null,
        record.HasValue ? record.Value.ToArray() : null,
        headers ?? RecordHeaders.Empty);
}
