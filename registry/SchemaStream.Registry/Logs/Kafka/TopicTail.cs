using System.Buffers;
using Microsoft.Extensions.Logging;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Logs.Kafka;

/// <summary>Reads one of the log's topics from its beginning and never stops, whichever broker leads it.</summary>
internal sealed class TopicTail(
    KafkaCluster cluster,
    LogTopics topics,
    LogName log,
    IRegistryTail tail,
    Action<BatchOrigin> seen,
    Backoff backoff,
    TimeProvider time,
    ILogger logger)
{
    private const short FetchVersion = 11;
    private const int LongestWaitMs = 10_000;
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>No batch of a registry unpacks to more.</summary>
    private const int MostUnpackedBytes = 64 * 1024 * 1024;

    private readonly string _topic = topics.NameOf(log);
    private long _position;
    private bool _isStart = true;

    /// <summary>The topic ends before what was read of it already: what is in memory is not what the log says.</summary>
    public bool IsCutBack { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var leader = await cluster.LeaderAsync(_topic, ConnectionUse.Own, stop).ConfigureAwait(false);
                await using var whileReading = leader.ConfigureAwait(false);
                while (!stop.IsCancellationRequested)
                {
                    await FetchAsync(leader, stop).ConfigureAwait(false);
                    backoff.Reset();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The tail's loop: were it to end, the registry would grow old without anyone noticing.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                var wait = backoff.Next();
                RegistryMessages.TailInterrupted(logger, _topic, _position, wait, failure);
                await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FetchAsync(KafkaConnection leader, CancellationToken stop)
    {
        var request = new FetchRequest
        {
            ReplicaId = -1,
            MaxWaitMs = LongestWaitMs,
            MinBytes = 1,
            MaxBytes = MostBytes,
            Topics =
            [
                new() { Topic = _topic, Partitions = [new() { Partition = 0, FetchOffset = _position, PartitionMaxBytes = MostBytes }] },
            ],
        };
        var answer = await leader.SendAsync(request, FetchVersion, stop).ConfigureAwait(false);
        KafkaErrorException.Require(answer.ErrorCode, $"Fetching from {_topic}");
        var partition = answer.Responses.Single().Partitions.Single();
        if (partition.ErrorCode == ErrorCode.OffsetOutOfRange)
        {
            await FindStartAsync(stop).ConfigureAwait(false);
            return;
        }

        KafkaErrorException.Require(partition.ErrorCode, $"Fetching from {_topic}");
        _isStart = false;
        if (partition.Records is { Length: > 0 } bytes)
        {
            await HandOverAsync(bytes, stop).ConfigureAwait(false);
        }
    }

    /// <summary>A log may begin later than at zero; it may not end before what was read.</summary>
    private async Task FindStartAsync(CancellationToken stop)
    {
        var (start, end) = await topics.BoundsAsync(log, stop).ConfigureAwait(false);
        if (_position > end || (_position < start && !_isStart))
        {
            IsCutBack = true;
            throw new RegistryLogException(
                $"The topic {_topic} was read up to offset {_position} and now has the offsets {start} to {end}: it was cut " +
                "back or made anew. Restart this instance.");
        }

        _position = Math.Max(_position, start);
        await tail.TakeAsync(new TailBatch([], Ends()), stop).ConfigureAwait(false);
    }

    private async Task HandOverAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        var records = new List<TailRecord>();
        while (!bytes.IsEmpty)
        {
            var fault = RecordBatches.Validate(bytes.Span, out var size);
            if (fault == RecordBatchFault.Truncated)
            {
                // The broker cuts the last batch off where the answer is full.
                break;
            }

            if (fault != RecordBatchFault.None)
            {
                throw new CorruptRecordException($"{_topic} at offset {_position}: {fault.Describe()}");
            }

            Read(bytes[..size].Span, records);
            bytes = bytes[size..];
        }

        await tail.TakeAsync(new TailBatch(records, Ends()), stop).ConfigureAwait(false);
    }

    private void Read(ReadOnlySpan<byte> batch, List<TailRecord> records)
    {
        var header = new RecordBatchHeader(batch);
        seen(new BatchOrigin(log, header.NextOffset, header.ProducerId, header.ProducerEpoch));
        if (!header.IsControlBatch)
        {
            var packed = batch[RecordBatchHeader.Size..];
            if (header.Compression == CompressionType.None)
            {
                Read(new RecordBatchReader(header, packed), records);
            }
            else
            {
                var unpacked = new ArrayBufferWriter<byte>();
                RecordCompression.Decompress(header.Compression, packed, unpacked, MostUnpackedBytes);
                Read(new RecordBatchReader(header, unpacked.WrittenSpan), records);
            }
        }

        _position = Math.Max(_position, header.NextOffset);
    }

    private void Read(RecordBatchReader reader, List<TailRecord> records)
    {
        foreach (var record in reader)
        {
            // A fetch begins with the whole batch that its offset lies in. Records without a key are nobody's here.
            if (record.Offset >= _position && record.HasKey)
            {
                records.Add(new TailRecord(record.Offset, new LogRecord(
                    log,
                    record.Key.ToArray(),
                    record.HasValue ? record.Value.ToArray() : null,
                    TimeOf(record.Timestamp))));
            }
        }
    }

    /// <summary>Other writers may count in microseconds: that is a wrong time, and no reason to read no further.</summary>
    private static DateTimeOffset TimeOf(long timestamp) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(timestamp, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    private LogEnds Ends() => log == LogName.Schemas ? new(_position, 0) : new(0, _position);
}

/// <summary>Who has written a batch, and how far the log goes with it.</summary>
internal readonly record struct BatchOrigin(LogName Log, long NextOffset, long ProducerId, short ProducerEpoch);
