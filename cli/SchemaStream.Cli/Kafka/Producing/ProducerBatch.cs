using SchemaStream.Compression;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.Producing;

/// <summary>A record that is to be sent.</summary>
/// <param name="Sent">Told what became of it: the offset, or what was wrong.</param>
internal sealed record OutgoingRecord(
    string Topic,
    ReadOnlyMemory<byte>? Key,
    ReadOnlyMemory<byte>? Value,
    IReadOnlyList<Protocol.Records.RecordHeader>? Headers,
    Action<Exception?>? Sent)
{
    private const int Overhead = 21;

    /// <summary>Where it goes; null: as the partitioner has it.</summary>
    public int? Partition { get; init; }

    /// <summary>Milliseconds since 1970; null: when it is taken.</summary>
    public long? Timestamp { get; init; }

    /// <summary>About what it takes in a batch.</summary>
    public int Size { get; } = Overhead + (Key?.Length ?? 0) + (Value?.Length ?? 0)
        + (Headers?.Sum(header => header.Key.Length + (header.Value?.Length ?? 0) + 2) ?? 0);
}

/// <summary>Records for one partition that travel together.</summary>
internal sealed class ProducerBatch(long createdAt)
{
    private readonly List<OutgoingRecord> _records = [];
    private readonly List<long> _timestamps = [];
    private byte[]? _bytes;

    /// <summary>By the monotonic clock.</summary>
    public long CreatedAt { get; } = createdAt;

    /// <summary>About what it takes, uncompressed.</summary>
    public int Bytes { get; private set; } = RecordBatchHeader.Size;

    public int Count => _records.Count;

    public int Tries { get; set; }

    public void Add(OutgoingRecord record, long timestamp)
    {
        _records.Add(record);
        _timestamps.Add(timestamp);
        Bytes += record.Size;
    }

    /// <summary>The batch as it goes over the wire: the same bytes at every try.</summary>
    public byte[] Build(ProducerSettings settings, long producerId, short producerEpoch, int sequence)
    {
        if (_bytes is not null)
        {
            return _bytes;
        }

        var builder = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            BaseSequence = sequence,
            IsTransactional = settings.TransactionalId is not null,
            Compression = settings.Compression,
            Compressor = RecordCompression.Compress,
        };
        for (var i = 0; i < _records.Count; i++)
        {
            builder.Add(_timestamps[i], _records[i].Key, _records[i].Value, _records[i].Headers);
        }

        return _bytes = builder.Build();
    }

    /// <summary>Tells each record's sender.</summary>
    public void Complete(Exception? failure)
    {
        foreach (var record in _records)
        {
            record.Sent?.Invoke(failure);
        }
    }
}

/// <summary>What waits for one partition, and what of it is on its way.</summary>
internal sealed class PartitionQueue
{
    public Queue<ProducerBatch> Batches { get; } = [];

    /// <summary>The one that takes further records: the last of <see cref="Batches"/>, as long as it is not on its way.</summary>
    public ProducerBatch? Open { get; set; }

    /// <summary>The head is on its way: what is behind it waits, and so the order is kept.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Not tried before then, after a failure.</summary>
    public long NotBefore { get; set; }

    public int NextSequence { get; set; }
}
