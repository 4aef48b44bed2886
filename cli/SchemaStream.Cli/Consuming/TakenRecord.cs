using System.Text;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Consuming;

/// <summary>A record, taken out of the batch that it was read in.</summary>
internal sealed record TakenRecord(
    Kafka.TopicPartition Partition,
    long Offset,
    long Timestamp,
    TimestampType TimestampType,
    byte[]? Key,
    byte[]? Value,
    IReadOnlyList<TakenHeader> Headers)
{
    /// <summary>The header in which some clients name the schema, in the place of an id before the payload; null where there is none.</summary>
    public byte[]? SchemaHeader(RecordSlot slot)
    {
        var name = Formats.SchemaHeader.NameOf(slot);
        for (var i = Headers.Count - 1; i >= 0; i--)
        {
            if (Headers[i].Key == name)
            {
                return Headers[i].Value;
            }
        }

        return null;
    }

    public static TakenRecord Of(in RecordOrigin origin, in RecordView record)
    {
        var headers = record.Headers.Count == 0 ? [] : new List<TakenHeader>(record.Headers.Count);
        foreach (var header in record.Headers)
        {
            headers.Add(new TakenHeader(Encoding.UTF8.GetString(header.Key), header.HasValue ? header.Value.ToArray() : null));
        }

        return new TakenRecord(
            origin.Partition,
            record.Offset,
            record.Timestamp,
            origin.TimestampType,
            record.HasKey ? record.Key.ToArray() : null,
            record.HasValue ? record.Value.ToArray() : null,
            headers);
    }
}

internal readonly record struct TakenHeader(string Key, byte[]? Value);
