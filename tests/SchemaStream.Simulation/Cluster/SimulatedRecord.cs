using System.Buffers.Binary;
using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Simulation.Cluster;

/// <summary>A record as the simulation looks at it: a number that no other has, and who wrote it.</summary>
internal readonly record struct SimulatedRecord(long Offset, long Value, int LeaderEpoch, long ProducerId, int Sequence)
{
    public override string ToString() =>
        $"record {Value} of producer {ProducerId}/{Sequence} at {Offset} in epoch {LeaderEpoch}";

    /// <summary>A batch of records with these values, the first with this sequence; -1 for no producer id.</summary>
    public static byte[] Batch(long firstValue, int count, long producerId, int baseSequence, long nowMs)
    {
        var builder = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = producerId < 0 ? RecordBatchHeader.NoProducerEpoch : (short)0,
            BaseSequence = producerId < 0 ? RecordBatchHeader.NoSequence : baseSequence,
        };
        for (var i = 0; i < count; i++)
        {
            var value = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(value, firstValue + i);
            builder.Add(nowMs, null, value);
        }

        return builder.Build();
    }

    /// <summary>What is in a log between two offsets.</summary>
    public static List<SimulatedRecord> Read(PartitionLog log, long fromOffset, long toOffset)
    {
        var records = new List<SimulatedRecord>();
        while (fromOffset < toOffset)
        {
            // To the log's end: an offset that another log gave may lie inside a batch of this one.
            var error = log.Read(fromOffset, int.MaxValue, log.LogEndOffset, minOneBatch: true, out var slice);
            using (slice)
            {
                Invariant.That(error == ErrorCode.None && !slice.IsEmpty, "a log has what is between its start and its end");
                var bytes = new byte[slice.Length];
                slice.Read(bytes);
                Parse(bytes, fromOffset, toOffset, records);
                fromOffset = slice.NextOffset;
            }
        }

        return records;
    }

    public static void Parse(ReadOnlySpan<byte> batches, long fromOffset, long toOffset, List<SimulatedRecord> records)
    {
        while (!batches.IsEmpty)
        {
            var header = new RecordBatchHeader(batches);
            foreach (var record in RecordBatchReader.OfUncompressed(batches))
            {
                if (record.Offset >= fromOffset && record.Offset < toOffset)
                {
                    records.Add(new SimulatedRecord(
                        record.Offset,
                        BinaryPrimitives.ReadInt64BigEndian(record.Value),
                        header.PartitionLeaderEpoch,
                        header.ProducerId,
                        header.HasProducerId ? RecordBatchHeader.AddToSequence(header.BaseSequence, record.OffsetDelta) : -1));
                }
            }

            batches = batches[(int)header.SizeInBytes..];
        }
    }
}
