using System.Buffers.Binary;

namespace SchemaStream.Protocol.Records;

/// <summary>The one record of a control batch that ends a producer's transaction in a partition, in Kafka's form.</summary>
/// <param name="CoordinatorEpoch">Leader epoch of the coordinator's partition when it wrote the marker.</param>
public readonly record struct EndTransactionMarker(bool IsCommit, int CoordinatorEpoch)
{
    private const short CurrentVersion = 0;
    private const short AbortType = 0;
    private const short CommitType = 1;
    private const int KeyBytes = 2 * sizeof(short);
    private const int ValueBytes = sizeof(short) + sizeof(int);

    /// <summary>
    /// Reads the marker out of a whole batch. False for batches with records, for other control batches, and for a marker
    /// that compaction has emptied.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> batch, out EndTransactionMarker marker)
    {
        marker = default;
        var header = new RecordBatchHeader(batch);
        if (!header.IsControlBatch || header.RecordCount <= 0 || header.Compression != CompressionType.None
            || header.SizeInBytes > batch.Length || header.SizeInBytes < RecordBatchHeader.Size)
        {
            return false;
        }

        var records = new RecordBatchReader(header, batch[RecordBatchHeader.Size..(int)header.SizeInBytes]);
        if (records.Advance(out var moved) != RecordBatchFault.None || !moved
            || records.Current.Key.Length < KeyBytes || records.Current.Value.Length < ValueBytes)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadInt16BigEndian(records.Current.Key[sizeof(short)..]);
        if (type is not (AbortType or CommitType))
        {
            return false;
        }

        marker = new EndTransactionMarker(
            type == CommitType, BinaryPrimitives.ReadInt32BigEndian(records.Current.Value[sizeof(short)..]));
        return true;
    }

    /// <summary>The control batch, as bytes of its own.</summary>
    public byte[] ToBatch(long producerId, short producerEpoch, long timestampMs)
    {
        var key = new byte[KeyBytes];
        BinaryPrimitives.WriteInt16BigEndian(key, CurrentVersion);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(sizeof(short)), IsCommit ? CommitType : AbortType);
        var value = new byte[ValueBytes];
        BinaryPrimitives.WriteInt16BigEndian(value, CurrentVersion);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(sizeof(short)), CoordinatorEpoch);
        return new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            IsTransactional = true,
            IsControlBatch = true,
        }.Add(timestampMs, key, value).Build();
    }
}
