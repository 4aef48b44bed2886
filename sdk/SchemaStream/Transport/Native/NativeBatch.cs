using System.Collections.Concurrent;

namespace SchemaStream.Transport.Native;

/// <summary>Records where librdkafka has put them: nothing is copied on their way to the deserializer.</summary>
/// <remarks>The poll thread fills it, the reader reads and releases; the hand-over between them orders the two.</remarks>
internal sealed unsafe class NativeBatch : IncomingBatch
{
    /// <summary>How many records a batch holds at most.</summary>
    public const int MostRecords = 512;

    /// <summary>A batch of this many bytes is closed, so a batch exceeds it by one record at most.</summary>
    public const int EnoughBytes = 256 * 1024;

    private const int MostKept = 64;

    private static readonly ConcurrentQueue<NativeBatch> Kept = new();

    private readonly Entry[] _entries = new Entry[MostRecords];
    private ClientHandle? _client;
    private int _count;
    private nuint _bytes;

    public override int Count => _count;

    /// <summary>Whether another record should go into another batch.</summary>
    public bool IsFull => _count == MostRecords || _bytes >= EnoughBytes;

    /// <summary>Takes an empty batch.</summary>
    /// <param name="client">The records' client, which stays alive as long as they do.</param>
    public static NativeBatch Rent(ClientHandle client)
    {
        var added = false;
        client.DangerousAddRef(ref added);
        var batch = Kept.TryDequeue(out var kept) ? kept : new NativeBatch();
        batch._client = client;
        return batch;
    }

    /// <summary>Adds a record, which the batch then owns.</summary>
    /// <param name="message">The record.</param>
    /// <param name="partition">Its partition.</param>
    public void Add(NativeMessage* message, AssignedPartition partition)
    {
        ref var entry = ref _entries[_count++];
        entry.Message = message;
        entry.Partition = partition;
        entry.Generation = partition.FetchGeneration;
        _bytes += message->PayloadLength + message->KeyLength;
    }

    public override IncomingRecord Read(int index)
    {
        ref var entry = ref _entries[index];
        var message = entry.Message;
        int kind;
        return message->Error == NativeErrors.None
            ? new IncomingRecord
            {
                Partition = entry.Partition,
                Generation = entry.Generation,
                Offset = message->Offset,
                TimestampMs = Librdkafka.MessageTimestamp(message, &kind),
                Key = new ReadOnlySpan<byte>(message->Key, checked((int)message->KeyLength)),
                Value = new ReadOnlySpan<byte>(message->Payload, checked((int)message->PayloadLength)),
                HasKey = message->Key is not null,
                HasValue = message->Payload is not null,
            }
            : new IncomingRecord
            {
                Partition = entry.Partition,
                Generation = entry.Generation,
                Offset = message->Offset,
                IsEnd = true,
            };
    }

    public override RecordHeaders? ReadHeaders(int index) => NativeHeaders.Read(_entries[index].Message);

    public override void Release(int index)
    {
        ref var entry = ref _entries[index];
        if (entry.Message is not null)
        {
            Librdkafka.MessageDestroy(entry.Message);
            entry.Message = null;
        }
    }

    public override void Dispose()
    {
        if (_client is not { } client)
        {
            return;
        }

        for (var index = 0; index < _count; index++)
        {
            Release(index);
        }

        Array.Clear(_entries, 0, _count);
        _count = 0;
        _bytes = 0;
        _client = null;
        client.DangerousRelease();
        if (Kept.Count < MostKept)
        {
            Kept.Enqueue(this);
        }
    }

    private struct Entry
    {
        public NativeMessage* Message;
        public AssignedPartition Partition;
        public int Generation;
    }
}
