using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>
/// A partition's log as a broker keeps it for idempotent producers: the last five batches of each are known for duplicates,
/// all else must follow the last one, and a new epoch begins with sequence 0 (KIP-98, KIP-360).
/// </summary>
internal sealed class SimulatedPartition
{
    private const int Remembered = 5;

    private readonly Dictionary<long, Producer> _producers = [];

    /// <summary>The values of all records, in their order.</summary>
    public List<int> Log { get; } = [];

    /// <summary>How many bytes a batch may have.</summary>
    public int MaxBatchBytes { get; set; } = int.MaxValue;

    public (ErrorCode Error, long BaseOffset) Append(ReadOnlyMemory<byte> bytes)
    {
        var header = new RecordBatchHeader(bytes.Span);
        if (header.SizeInBytes > MaxBatchBytes)
        {
            return (ErrorCode.MessageTooLarge, -1);
        }

        if (!_producers.TryGetValue(header.ProducerId, out var producer))
        {
            _producers[header.ProducerId] = producer = new Producer { Epoch = header.ProducerEpoch, Next = header.BaseSequence };
        }

        if (header.ProducerEpoch < producer.Epoch)
        {
            return (ErrorCode.InvalidProducerEpoch, -1);
        }

        if (header.ProducerEpoch > producer.Epoch)
        {
            if (header.BaseSequence != 0)
            {
                return (ErrorCode.OutOfOrderSequenceNumber, -1);
            }

            (producer.Epoch, producer.Next) = (header.ProducerEpoch, 0);
            producer.Last.Clear();
        }

        var (first, last) = (header.BaseSequence, header.LastSequence);
        if (producer.Last.FirstOrDefault(batch => batch.First == first && batch.Last == last) is { } known)
        {
            return (ErrorCode.None, known.Offset);
        }

        if (first != producer.Next)
        {
            return (ErrorCode.OutOfOrderSequenceNumber, -1);
        }

        producer.Next = RecordBatchHeader.AddToSequence(last, 1);
        producer.Last.Enqueue(new Batch(first, last, Log.Count));
        if (producer.Last.Count > Remembered)
        {
            producer.Last.Dequeue();
        }

        var offset = Log.Count;
        foreach (var record in RecordBatchReader.OfUncompressed(bytes.Span))
        {
            Log.Add(BitConverter.ToInt32(record.Value));
        }

        return (ErrorCode.None, offset);
    }

    private sealed class Producer
    {
        public short Epoch { get; set; }

        public int Next { get; set; }

        public Queue<Batch> Last { get; } = new();
    }

    private sealed record Batch(int First, int Last, long Offset);
}
