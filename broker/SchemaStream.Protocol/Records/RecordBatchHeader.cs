using System.Buffers.Binary;
using SchemaStream.Protocol.Checksums;

namespace SchemaStream.Protocol.Records;

/// <summary>
/// A view of the 61 bytes that begin a record batch of magic 2. Fields are read where they lie; nothing is copied.
/// The writers change a batch in place: base offset and partition leader epoch lie outside the checksum, on purpose,
/// so that a broker can set them without touching the rest.
/// </summary>
public readonly ref struct RecordBatchHeader
{
    /// <summary>Bytes of the header, and so the least a batch can have.</summary>
    public const int Size = 61;

    /// <summary>Bytes before what <see cref="BatchLength"/> counts.</summary>
    public const int LogOverhead = 12;

    public const sbyte CurrentMagic = 2;
    public const long NoTimestamp = -1;
    public const long NoProducerId = -1;
    public const short NoProducerEpoch = -1;
    public const int NoSequence = -1;
    public const int NoPartitionLeaderEpoch = -1;

    internal const int BatchLengthPosition = 8;
    internal const int PartitionLeaderEpochPosition = 12;
    internal const int MagicPosition = 16;
    internal const int CrcPosition = 17;
    internal const int AttributesPosition = 21;
    internal const int LastOffsetDeltaPosition = 23;
    internal const int BaseTimestampPosition = 27;
    internal const int MaxTimestampPosition = 35;
    internal const int ProducerIdPosition = 43;
    internal const int ProducerEpochPosition = 51;
    internal const int BaseSequencePosition = 53;
    internal const int RecordCountPosition = 57;

    internal const short CompressionMask = 0x07;
    internal const short LogAppendTimeFlag = 0x08;
    internal const short TransactionalFlag = 0x10;
    internal const short ControlFlag = 0x20;
    internal const short DeleteHorizonFlag = 0x40;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Looks at a batch, or at its first <see cref="Size"/> bytes: header fields need no more.</summary>
    public RecordBatchHeader(ReadOnlySpan<byte> batch)
    {
        if (batch.Length < Size)
        {
            throw new CorruptRecordException($"A record batch has at least {Size} bytes, found {batch.Length}.");
        }

        _bytes = batch[..Size];
    }

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    public int BatchLength => BinaryPrimitives.ReadInt32BigEndian(_bytes[BatchLengthPosition..]);

    /// <summary>All bytes of the batch, this header included. As wide as a hostile length field can make it.</summary>
    public long SizeInBytes => (long)LogOverhead + BatchLength;

    public int PartitionLeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_bytes[PartitionLeaderEpochPosition..]);

    public sbyte Magic => (sbyte)_bytes[MagicPosition];

    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[CrcPosition..]);

    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(_bytes[AttributesPosition..]);

    public CompressionType Compression => (CompressionType)(Attributes & CompressionMask);

    public TimestampType TimestampType =>
        (Attributes & LogAppendTimeFlag) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    public bool IsTransactional => (Attributes & TransactionalFlag) != 0;

    public bool IsControlBatch => (Attributes & ControlFlag) != 0;

    /// <summary>Whether <see cref="BaseTimestamp"/> is the time from which compaction may drop the batch's tombstones.</summary>
    public bool HasDeleteHorizon => (Attributes & DeleteHorizonFlag) != 0;

    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[LastOffsetDeltaPosition..]);

    /// <summary>Offset of the batch's last record (inclusive).</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The offset behind the batch: what the next one begins with.</summary>
    public long NextOffset => LastOffset + 1;

    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[BaseTimestampPosition..]);

    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[MaxTimestampPosition..]);

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[ProducerIdPosition..]);

    public bool HasProducerId => ProducerId > NoProducerId;

    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[ProducerEpochPosition..]);

    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[BaseSequencePosition..]);

    /// <summary>Sequence of the last record. Sequences wrap from <see cref="int.MaxValue"/> to 0.</summary>
    public int LastSequence => BaseSequence == NoSequence ? NoSequence : AddToSequence(BaseSequence, LastOffsetDelta);

    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[RecordCountPosition..]);

    public static int AddToSequence(int sequence, int increment) =>
        (int)(((long)sequence + increment) & int.MaxValue);

    public static void WriteBaseOffset(Span<byte> batch, long baseOffset) =>
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);

    public static void WritePartitionLeaderEpoch(Span<byte> batch, int leaderEpoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[PartitionLeaderEpochPosition..], leaderEpoch);

    /// <summary>Sets the timestamps' kind and the max timestamp, and the checksum, which covers them, anew.</summary>
    public static void WriteMaxTimestamp(Span<byte> batch, TimestampType type, long maxTimestamp)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesPosition..]);
        var stamped = type == TimestampType.LogAppendTime
            ? (short)(attributes | LogAppendTimeFlag)
            : (short)(attributes & ~LogAppendTimeFlag);
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesPosition..], stamped);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampPosition..], maxTimestamp);
        WriteCrc(batch);
    }

    /// <summary>Sets what follows from records that were compressed anew behind this header: codec, length, checksum.</summary>
    public static void WriteCompression(Span<byte> batch, CompressionType compression)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesPosition..]);
        BinaryPrimitives.WriteInt16BigEndian(
            batch[AttributesPosition..], (short)((attributes & ~CompressionMask) | (int)compression));
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLengthPosition..], batch.Length - LogOverhead);
        WriteCrc(batch);
    }

    /// <summary>
    /// Sets what compaction changes of a batch, whose remaining records stand behind this header already: length, count,
    /// newest timestamp, checksum, and the delete horizon, if it gets one. Offsets and sequences stay the batch's own.
    /// </summary>
    /// <param name="deleteHorizonMs">Takes the place of the base timestamp, to which the records have to be relative.</param>
    public static void WriteCompacted(Span<byte> batch, int recordCount, long maxTimestamp, long? deleteHorizonMs)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesPosition..]);
        if (recordCount == 0)
        {
            attributes &= ~(CompressionMask | DeleteHorizonFlag);
            BinaryPrimitives.WriteInt64BigEndian(batch[BaseTimestampPosition..], NoTimestamp);
        }
        else if (deleteHorizonMs is { } horizon)
        {
            attributes |= DeleteHorizonFlag;
            BinaryPrimitives.WriteInt64BigEndian(batch[BaseTimestampPosition..], horizon);
        }

        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesPosition..], attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampPosition..], maxTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordCountPosition..], recordCount);
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLengthPosition..], batch.Length - LogOverhead);
        WriteCrc(batch);
    }

    /// <summary>Computes the checksum of a whole batch and stores it.</summary>
    public static void WriteCrc(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcPosition..], Crc32C.Compute(batch[AttributesPosition..]));
}
