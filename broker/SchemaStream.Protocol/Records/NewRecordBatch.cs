using System.Buffers.Binary;

namespace SchemaStream.Protocol.Records;

/// <summary>What the header of a batch says that is written anew, behind which its records stand already.</summary>
/// <param name="Compression">The codec of the records.</param>
/// <param name="RecordCount">How many there are.</param>
/// <param name="BaseTimestamp">The time that the records' are relative to.</param>
/// <param name="MaxTimestamp">The latest of their times.</param>
public readonly record struct NewRecordBatch(CompressionType Compression, int RecordCount, long BaseTimestamp, long MaxTimestamp)
{
    public long BaseOffset { get; init; }

    public int PartitionLeaderEpoch { get; init; } = RecordBatchHeader.NoPartitionLeaderEpoch;

    public long ProducerId { get; init; } = RecordBatchHeader.NoProducerId;

    public short ProducerEpoch { get; init; } = RecordBatchHeader.NoProducerEpoch;

    public int BaseSequence { get; init; } = RecordBatchHeader.NoSequence;

    public bool IsTransactional { get; init; }

    public bool IsControlBatch { get; init; }

    /// <summary>Writes the header, checksum included, before the records.</summary>
    /// <param name="batch">The whole batch: room for the header, and the records.</param>
    public void WriteTo(Span<byte> batch)
    {
        var attributes = (short)Compression;
        attributes |= IsTransactional ? RecordBatchHeader.TransactionalFlag : (short)0;
        attributes |= IsControlBatch ? RecordBatchHeader.ControlFlag : (short)0;

        RecordBatchHeader.WriteBaseOffset(batch, BaseOffset);
        RecordBatchHeader.WritePartitionLeaderEpoch(batch, PartitionLeaderEpoch);
        var batchLength = batch.Length - RecordBatchHeader.LogOverhead;
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.BatchLengthPosition..], batchLength);
        batch[RecordBatchHeader.MagicPosition] = (byte)RecordBatchHeader.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.AttributesPosition..], attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LastOffsetDeltaPosition..], RecordCount - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.BaseTimestampPosition..], BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.MaxTimestampPosition..], MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.ProducerIdPosition..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.ProducerEpochPosition..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.BaseSequencePosition..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.RecordCountPosition..], RecordCount);
        RecordBatchHeader.WriteCrc(batch);
    }
}
