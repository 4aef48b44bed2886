using System.Buffers.Binary;
using SchemaStream.Protocol.Checksums;

namespace SchemaStream.Broker.Storage.Producers;

/// <summary>
/// The table as bytes, in the format of Kafka's <c>.snapshot</c> files: version 1, a CRC-32C of what follows it, and the
/// producers with their last batch. Earlier batches are not kept: after a restart a producer may repeat its last one.
/// </summary>
internal static class ProducerSnapshot
{
    private const short Version = 1;
    private const int CrcPosition = 2;
    private const int CountPosition = 6;
    private const int EntriesPosition = 10;
    private const int EntryBytes = 46;

    public static byte[] Write(ProducerStateTable table)
    {
        var bytes = new byte[EntriesPosition + (table.Count * EntryBytes)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountPosition), table.Count);
        var rest = bytes.AsSpan(EntriesPosition);
        foreach (var producer in table.Producers)
        {
            WriteEntry(rest, producer);
            rest = rest[EntryBytes..];
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcPosition), Crc32C.Compute(bytes.AsSpan(CountPosition)));
        return bytes;
    }

    /// <summary>False, with the table empty, when the bytes are no snapshot or a damaged one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ProducerStateTable table)
    {
        table.Clear();
        if (bytes.Length < EntriesPosition
            || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcPosition..]) != Crc32C.Compute(bytes[CountPosition..]))
        {
            return false;
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[CountPosition..]);
        if (count < 0 || (long)count * EntryBytes != bytes.Length - EntriesPosition)
        {
            return false;
        }

        for (var rest = bytes[EntriesPosition..]; !rest.IsEmpty; rest = rest[EntryBytes..])
        {
            table.Restore(ReadEntry(rest));
        }

        return true;
    }

    private static void WriteEntry(Span<byte> entry, ProducerState producer)
    {
        var last = producer.BatchCount == 0
            ? new ProducerBatch(-1, -1, 0, producer.LastTimestamp)
            : producer.LastBatch;
        BinaryPrimitives.WriteInt64BigEndian(entry, producer.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], producer.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(entry[10..], last.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(entry[14..], last.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[22..], last.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], producer.LastTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[34..], producer.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(entry[38..], producer.CurrentTransactionFirstOffset);
    }

    private static ProducerState ReadEntry(ReadOnlySpan<byte> entry)
    {
        var producer = new ProducerState(BinaryPrimitives.ReadInt64BigEndian(entry))
        {
            CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(entry[34..]),
            CurrentTransactionFirstOffset = BinaryPrimitives.ReadInt64BigEndian(entry[38..]),
        };
        producer.UpdateEpoch(BinaryPrimitives.ReadInt16BigEndian(entry[8..]));
        var timestamp = BinaryPrimitives.ReadInt64BigEndian(entry[26..]);
        var lastOffset = BinaryPrimitives.ReadInt64BigEndian(entry[14..]);
        if (lastOffset >= 0)
        {
            producer.Add(new ProducerBatch(
                BinaryPrimitives.ReadInt32BigEndian(entry[10..]),
                lastOffset,
                BinaryPrimitives.ReadInt32BigEndian(entry[22..]),
                timestamp));
        }

        producer.Touch(timestamp);
        return producer;
    }
}
