using System.Buffers;
using SchemaStream.Compression;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.Consuming;

/// <summary>Where a record was read.</summary>
internal readonly record struct RecordOrigin(TopicPartition Partition, int LeaderEpoch, TimestampType TimestampType);

/// <summary>Is shown a record; false: this was the last one that is wanted.</summary>
internal delegate bool RecordVisitor(in RecordOrigin origin, in RecordView record);

/// <summary>The records of one partition in a broker's answer.</summary>
internal static class FetchedRecords
{
    /// <summary>A batch that claims to hold more is refused: it would not have been taken by a broker either.</summary>
    private const int MaxBatchBytes = 256 * 1024 * 1024;

    /// <summary>Shows the records from an offset on; returns the offset behind the last one, and how many there were.</summary>
    /// <param name="isCommittedOnly">Whether those of aborted transactions are left out.</param>
    /// <exception cref="CorruptRecordException">A batch is not what it should be.</exception>
    /// <exception cref="CompressionException">A batch cannot be decompressed.</exception>
    public static (long Next, int LeaderEpoch, int Count, bool GoesOn) Visit(
        TopicPartition partition, FetchResponse.PartitionData fetched, long from, bool isCommittedOnly, RecordVisitor visit)
    {
        var next = from;
        var count = 0;
        var epoch = -1;
        var rest = fetched.Records ?? ReadOnlyMemory<byte>.Empty;
        var aborted = new AbortedProducers(isCommittedOnly ? fetched.AbortedTransactions : null);
        while (!rest.IsEmpty)
        {
            var fault = RecordBatches.Validate(rest.Span, out var size);
            if (fault == RecordBatchFault.Truncated)
            {
                break; // an answer ends where its limit is, in the middle of a batch too
            }

            if (fault != RecordBatchFault.None)
            {
                throw new CorruptRecordException($"{partition} at offset {next}: {fault}");
            }

            var batch = rest.Span[..size];
            rest = rest[size..];
            var header = new RecordBatchHeader(batch);
            epoch = header.PartitionLeaderEpoch;
            if (!aborted.Hides(batch) && !header.IsControlBatch)
            {
                var shown = Show(partition, header, batch[RecordBatchHeader.Size..], from, visit, ref next, ref count);
                if (!shown)
                {
                    return (next, epoch, count, false);
                }
            }

            next = Math.Max(next, header.NextOffset);
        }

        return (next, epoch, count, true);
    }

    private static bool Show(
        TopicPartition partition, RecordBatchHeader header, ReadOnlySpan<byte> records, long from, RecordVisitor visit, ref long next, ref int count)
    {
        if (header.Compression != CompressionType.None)
        {
            var decompressed = new ArrayBufferWriter<byte>(records.Length * 4);
            RecordCompression.Decompress(header.Compression, records, decompressed, MaxBatchBytes);
            records = decompressed.WrittenSpan;
        }

        var origin = new RecordOrigin(partition, header.PartitionLeaderEpoch, header.TimestampType);
        foreach (var record in new RecordBatchReader(header, records))
        {
            if (record.Offset < from)
            {
                continue; // a batch comes whole, however far into it one asks
            }

            count++;
            next = record.Offset + 1;
            if (!visit(origin, record))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The producers whose transactions, at this point of the log, are going to be aborted.</summary>
    private sealed class AbortedProducers(IEnumerable<FetchResponse.AbortedTransaction>? transactions)
    {
        private readonly Queue<FetchResponse.AbortedTransaction> _ahead = new((transactions ?? []).OrderBy(each => each.FirstOffset));
        private readonly HashSet<long> _producers = [];

        public bool Hides(ReadOnlySpan<byte> batch)
        {
            var header = new RecordBatchHeader(batch);
            while (_ahead.TryPeek(out var first) && first.FirstOffset <= header.LastOffset)
            {
                _producers.Add(_ahead.Dequeue().ProducerId);
            }

            if (EndTransactionMarker.TryRead(batch, out var marker) && !marker.IsCommit)
            {
                _producers.Remove(header.ProducerId);
            }

            return header.IsTransactional && !header.IsControlBatch && _producers.Contains(header.ProducerId);
        }
    }
}
