using System.Buffers.Binary;

namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>What went into a topic here, and out of it. Counted on any thread, without a lock or an object.</summary>
internal sealed class TopicTraffic(string topic)
{
    private const int BatchLengthAt = 8;
    private const int BatchOverhead = 12;
    private const int RecordCountAt = 57;

    private long _received;
    private long _recordsReceived;
    private long _sent;
    private long _recordsSent;

    public string Topic => topic;

    public long Received => Interlocked.Read(ref _received);

    public long RecordsReceived => Interlocked.Read(ref _recordsReceived);

    public long Sent => Interlocked.Read(ref _sent);

    public long RecordsSent => Interlocked.Read(ref _recordsSent);

    public void Produced(long bytes, long records)
    {
        Interlocked.Add(ref _received, bytes);
        Interlocked.Add(ref _recordsReceived, records);
    }

    /// <param name="batches">Whole ones, which the log has checked.</param>
    public void Fetched(ReadOnlySpan<byte> batches)
    {
        Interlocked.Add(ref _sent, batches.Length);
        Interlocked.Add(ref _recordsSent, CountRecords(batches));
    }

    /// <summary>A look at each batch's header.</summary>
    private static long CountRecords(ReadOnlySpan<byte> batches)
    {
        var count = 0L;
        while (batches.Length >= RecordCountAt + sizeof(int))
        {
            count += Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(batches[RecordCountAt..]));
            var size = BatchOverhead + (long)BinaryPrimitives.ReadInt32BigEndian(batches[BatchLengthAt..]);
            if (size < BatchOverhead || size > batches.Length)
            {
                break;
            }

            batches = batches[(int)size..];
        }

        return count;
    }
}
