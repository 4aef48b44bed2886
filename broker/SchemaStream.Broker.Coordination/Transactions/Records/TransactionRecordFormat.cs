using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions.Records;

/// <summary>
/// The form of records in <c>__transaction_state</c>, which is Kafka's, so that its tools can read ours and we its logs: a
/// key of number and fields, a value of version and fields.
/// </summary>
public static class TransactionRecordFormat
{
    private const short KeyNumber = 0;

    /// <summary>The first with room for what transactions v2 keep.</summary>
    private const short ValueVersion = 1;

    /// <summary>Bytes of text that a key can hold.</summary>
    private const int LongestId = short.MaxValue;

    /// <summary>Whether there can be a record of the id; requests can carry longer ones.</summary>
    public static bool CanHold(string transactionalId) =>
        transactionalId.Length <= LongestId / 3 || Encoding.UTF8.GetByteCount(transactionalId) <= LongestId;

    public static EncodedTransactionRecord Encode(TransactionRecord record)
    {
        var key = Bytes(KeyNumber, new TransactionLogKey { TransactionalId = record.TransactionalId }, 0);
        return record.Value is { } value
            ? new EncodedTransactionRecord(key, Bytes(ValueVersion, Value(value), ValueVersion))
            : new EncodedTransactionRecord(key, null);
    }

    /// <summary>
    /// Reads a record. Kinds and versions that are not known here and bytes that make no sense are skipped, with a line for
    /// the log: one bad record must not take a coordinator's other transactions away.
    /// </summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> key,
        ReadOnlyMemory<byte>? value,
        [NotNullWhen(true)] out TransactionRecord? record,
        [NotNullWhen(false)] out string? skipped)
    {
        record = null;
        skipped = null;
        try
        {
            var reader = new KafkaReader(key);
            var kind = reader.ReadInt16("record kind");
            if (kind != KeyNumber)
            {
                skipped = $"transaction record of unknown kind {kind}";
                return false;
            }

            var id = new TransactionLogKey();
            id.Read(ref reader, 0);
            if (value is not { } bytes)
            {
                record = new TransactionRecord(id.TransactionalId, null);
                return true;
            }

            return TryRead(id.TransactionalId, bytes, out record, out skipped);
        }
        catch (ProtocolException exception)
        {
            skipped = $"unreadable transaction record: {exception.Message}";
            return false;
        }
    }

    private static bool TryRead(
        string transactionalId,
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out TransactionRecord? record,
        [NotNullWhen(false)] out string? skipped)
    {
        (record, skipped) = (null, null);
        var reader = new KafkaReader(bytes);
        var version = reader.ReadInt16("record version");
        if (version < 0 || version > TransactionLogValue.MaxVersion)
        {
            skipped = $"transactional id {transactionalId} in unknown version {version}";
            return false;
        }

        var value = new TransactionLogValue();
        value.Read(ref reader, version);
        var state = (TransactionState)value.TransactionStatus;
        if (state is < TransactionState.Empty or > TransactionState.CompleteAbort || value.ProducerId < 0 || value.ProducerEpoch < 0)
        {
            // The other two states are passed through in memory only.
            skipped = $"transactional id {transactionalId} in state {value.TransactionStatus}, producer {value.ProducerId} "
                + $"epoch {value.ProducerEpoch}";
            return false;
        }

        record = new TransactionRecord(transactionalId, new TransactionMetadata
        {
            ProducerId = value.ProducerId,
            PreviousProducerId = value.PreviousProducerId,
            NextProducerId = value.NextProducerId,
            ProducerEpoch = value.ProducerEpoch,
            TransactionTimeoutMs = value.TransactionTimeoutMs,
            State = state,
            Partitions = TransactionMetadata.NoPartitions.Union(
                from topic in value.TransactionPartitions ?? []
                from partition in topic.PartitionIds
                select new TopicPartitionName(topic.Topic, partition)),
            StartTimestampMs = value.TransactionStartTimestampMs,
            LastUpdateTimestampMs = value.TransactionLastUpdateTimestampMs,
            ClientTransactionVersion = value.ClientTransactionVersion,
        });
        return true;
    }

    private static TransactionLogValue Value(TransactionMetadata metadata)
    {
        var value = new TransactionLogValue
        {
            ProducerId = metadata.ProducerId,
            PreviousProducerId = metadata.PreviousProducerId,
            NextProducerId = metadata.NextProducerId,
            ProducerEpoch = metadata.ProducerEpoch,
            TransactionTimeoutMs = metadata.TransactionTimeoutMs,
            TransactionStatus = (sbyte)metadata.State,
            TransactionPartitions = null,
            TransactionLastUpdateTimestampMs = metadata.LastUpdateTimestampMs,
            TransactionStartTimestampMs = metadata.StartTimestampMs,
            ClientTransactionVersion = metadata.ClientTransactionVersion,
        };
        if (metadata.State != TransactionState.Empty)
        {
            // They are sorted by topic.
            value.TransactionPartitions = [];
            TransactionLogValue.PartitionsSchema? topic = null;
            foreach (var partition in metadata.Partitions)
            {
                if (topic is null || topic.Topic != partition.Topic)
                {
                    value.TransactionPartitions.Add(topic = new() { Topic = partition.Topic });
                }

                topic.PartitionIds.Add(partition.Partition);
            }
        }

        return value;
    }

    private static ReadOnlyMemory<byte> Bytes(short prefix, IMessage message, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt16(prefix);
        message.Write(ref writer, version);
        writer.Flush();
        return output.WrittenMemory;
    }
}
