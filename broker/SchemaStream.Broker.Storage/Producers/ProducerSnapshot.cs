using System.Buffers.Binary;
using SchemaStream.Protocol.Checksums;

namespace SchemaStream.Broker.Storage.Producers;

/// <summary>
/// The table as bytes, in the format of Kafka's <c>.snapshot</c> files: version 1, a CRC-32C of what follows it, and the
/// producers, each once for every batch remembered of it, the oldest first. Kafka writes the last batch only, and takes the
/// last entry of a producer when it reads: so each reads the other's, and after a restart here a producer may still repeat
/// all that it had under way.
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
        var count = table.Producers.Sum(producer => Math.Max(1, producer.BatchCount));
        var bytes = new byte[EntriesPosition + (count * EntryBytes)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountPosition), count);
        var rest = bytes.AsSpan(EntriesPosition);
        foreach (var producer in table.Producers)
        {
            for (var i = 0; i < Math.Max(1, producer.BatchCount); i++)
            {
                WriteEntry(rest, producer, i);
                rest = rest[EntryBytes..];
            }
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

        ProducerState? producer = null;
        for (var rest = bytes[EntriesPosition..]; !rest.IsEmpty; rest = rest[EntryBytes..])
        {
            producer = ReadEntry(rest, producer);
            if (rest.Length == EntryBytes || BinaryPrimitives.ReadInt64BigEndian(rest[EntryBytes..]) != producer.ProducerId)
            {
                table.Restore(producer);
            }
        }

        return true;
    }

    private static void WriteEntry(Span<byte> entry, ProducerState producer, int index)
    {
        var last = producer.BatchCount == 0
            ? new ProducerBatch(-1, -1, 0, producer.LastTimestamp)
            : producer.BatchAt(index);
        BinaryPrimitives.WriteInt64BigEndian(entry, producer.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], producer.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(entry[10..], last.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(entry[14..], last.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[22..], last.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], index < producer.BatchCount - 1 ? last.Timestamp : producer.LastTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[34..], producer.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(entry[38..], producer.CurrentTransactionFirstOffset);
    }

    /// <param name="before">The producer of the entry before; this one may be its next batch.</param>
    private static ProducerState ReadEntry(ReadOnlySpan<byte> entry, ProducerState? before)
    {
        var producerId = BinaryPrimitives.ReadInt64BigEndian(entry);
        var producer = before?.ProducerId == producerId ? before : new ProducerState(producerId);
        producer.CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(entry[34..]);
        producer.CurrentTransactionFirstOffset = BinaryPrimitives.ReadInt64BigEndian(entry[38..]);
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
