using System.Buffers.Binary;

namespace SchemaStream.Broker.Storage.Indexes;

/// <summary>An aborted transaction as a <see cref="TransactionIndex"/> keeps it, in Kafka's form.</summary>
/// <param name="FirstOffset">Of the transaction's first record.</param>
/// <param name="LastOffset">Of the marker that aborted it.</param>
/// <param name="LastStableOffset">
/// The last stable offset once this transaction had ended: a reader of what is below it needs no later entry.
/// </param>
internal readonly record struct AbortedTransactionEntry(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset)
{
    public const int Bytes = sizeof(short) + (4 * sizeof(long));

    public const int LastOffsetPosition = sizeof(short) + (2 * sizeof(long));

    private const short CurrentVersion = 0;

    public void Write(Span<byte> entry)
    {
        BinaryPrimitives.WriteInt16BigEndian(entry, CurrentVersion);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[LastOffsetPosition..], LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], LastStableOffset);
    }

    public static AbortedTransactionEntry Read(ReadOnlySpan<byte> entry) => new(
        BinaryPrimitives.ReadInt64BigEndian(entry[2..]),
        BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
        BinaryPrimitives.ReadInt64BigEndian(entry[LastOffsetPosition..]),
        BinaryPrimitives.ReadInt64BigEndian(entry[26..]));
}
